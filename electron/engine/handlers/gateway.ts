import type { Exchange } from '../chain/exchange.ts';
import type { Handler } from '../chain/handler.ts';
import { ExchangeError } from '../errors.ts';
import type { Application } from '../gateway/application.ts';
import { ApplicationCall } from '../gateway/application-call.ts';

/**
 * The last handler of exchanges that an application answers: hands the request to a worker and answers with what the
 * application gives.
 *
 * @param find the application that an exchange's route names, while it is configured
 * @param software what SERVER_SOFTWARE says
 */
export function gatewayHandler(
  find: (x: Exchange) => Application | undefined,
  software: string,
): Handler<ApplicationCall | undefined> {
  return {
    name: 'gateway',
    setup(x) {
      const application = find(x);
      return application === undefined
        ? undefined
        : new ApplicationCall(x, application, software, x.route.choices[0]?.application?.timeout);
    },
    handle(_x, call) {
      if (call !== undefined) return call.start();
      return Promise.reject(new ExchangeError('NO_UPSTREAM', 'gateway', 'The application is not configured any more.'));
    },
    finish: (_x, call) => call?.release(),
  };
}
