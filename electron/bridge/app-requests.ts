import type { AppEvent, AppFacts, AppRequestMap, PageGreeting, UpdateStatus } from '../../shared/app-contract.ts';

/** What the contract needs of the application around the engine. */
export interface AppHost {
  /** A page listens from now on; gives what came for it before. */
  hello(greeting: PageGreeting): AppFacts;
  /** Takes a step towards a newer version. */
  update(step: 'check' | 'download' | 'install'): Promise<UpdateStatus>;
  /** Calls `listener` with what comes for the page later. */
  onEvent(listener: (event: AppEvent) => void): () => void;
}

/** A host without menus, links and files: the headless one. */
export const plainHost: AppHost = {
  hello: () => ({ host: 'web', update: { state: 'off', why: 'web' }, events: [] }),
  update: () => Promise.resolve({ state: 'off', why: 'web' }),
  onEvent: () => () => undefined,
};

type Handlers = {
  [N in keyof AppRequestMap]: (
    params: AppRequestMap[N]['params'],
  ) => AppRequestMap[N]['result'] | Promise<AppRequestMap[N]['result']>;
};

/** The contract's requests about the application. */
export function appRequests(app: AppHost): Handlers {
  return {
    'app.hello': (greeting) => app.hello(greeting),
    'app.update': ({ step }) => app.update(step),
  };
}
