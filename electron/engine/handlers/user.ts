import type { Handler } from '../chain/handler.ts';
import type { Application } from '../gateway/application.ts';
import { ApplicationCall } from '../gateway/application-call.ts';

/** A handler class of the user's as a link of the chain; it runs in a thread of its own. */
export function userHandler(application: Application, software: string): Handler<ApplicationCall> {
  return {
    name: application.name,
    setup: (x) => new ApplicationCall(x, application, software),
    handle: (_x, call, next) => call.start(async () => next()),
    finish: (_x, call) => call.release(),
  };
}
