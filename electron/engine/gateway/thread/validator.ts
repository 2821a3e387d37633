import type {
  ApplicationEnviron,
  ApplicationResult,
  JavaScriptApplication,
  StartResponse,
} from './application-interface.ts';
import { checkHeaders, checkStatus } from './check-response.ts';

const NEEDED = [
  'REQUEST_METHOD',
  'SERVER_NAME',
  'SERVER_PORT',
  'SERVER_PROTOCOL',
  'SCRIPT_NAME',
  'PATH_INFO',
  'QUERY_STRING',
];

/**
 * Middleware that checks both sides, as wsgiref.validate does for Python: what the gateway gives, and what the
 * application does with it. Throws an Error that names the rule.
 */
export function validator(application: JavaScriptApplication): JavaScriptApplication {
  return async (environ, startResponse) => {
    checkEnviron(environ);
    const state = { started: false };
    const checkedStart: StartResponse = (status, headers, ...rest) => {
      checkStatus(status);
      checkHeaders(headers);
      demand(!state.started || rest[0] !== undefined, 'startResponse may be called again only with an error');
      state.started = true;
      checkContentType(status, headers);
      const write = startResponse(status, headers, ...rest);
      demand(typeof write === 'function', 'startResponse must return a write function');
      return (bytes) => {
        checkPiece(bytes);
        return write(bytes);
      };
    };
    const result: unknown = await application(environ, checkedStart);
    demand(
      typeof result === 'object' && result !== null,
      `an application must return an iterable, not ${typeof result}`,
    );
    return new CheckedResult(result as ApplicationResult, state);
  };
}

class CheckedResult implements AsyncIterable<Uint8Array> {
  readonly #result: ApplicationResult;
  readonly #state: { readonly started: boolean };
  #iterated = false;
  #closed = false;

  constructor(result: ApplicationResult, state: { readonly started: boolean }) {
    this.#result = result;
    this.#state = state;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    demand(!this.#iterated, 'a result is iterated once');
    this.#iterated = true;
    for await (const piece of this.#result) {
      demand(!this.#closed, 'a result is not iterated after it was closed');
      checkPiece(piece);
      demand(this.#state.started, 'startResponse must be called before the first piece');
      yield piece;
    }
    demand(this.#state.started, 'startResponse must have been called by the end');
  }

  async close(): Promise<void> {
    demand(!this.#closed, 'a result is closed once');
    this.#closed = true;
    await this.#result.close?.();
  }
}

function checkEnviron(environ: ApplicationEnviron): void {
  const values: Record<string, unknown> = environ;
  for (const name of NEEDED) demand(typeof values[name] === 'string', `environ must have ${name}, a string`);
  for (const [name, value] of Object.entries(values)) {
    if (!name.includes('.')) demand(typeof value === 'string', `${name} in environ must be a string`);
  }
  for (const name of ['HTTP_CONTENT_TYPE', 'HTTP_CONTENT_LENGTH']) {
    demand(!(name in values), `environ must not have ${name}`);
  }
  const { SCRIPT_NAME: script = '', PATH_INFO: path = '' } = environ;
  demand(script === '' || (script.startsWith('/') && script !== '/'), 'SCRIPT_NAME must be empty or begin with /');
  demand(path === '' || path.startsWith('/'), 'PATH_INFO must be empty or begin with /');
}

function checkContentType(status: string, headers: Parameters<StartResponse>[1]): void {
  const bodiless = status.startsWith('204') || status.startsWith('304');
  const given = headers.some(([name]) => name.toLowerCase() === 'content-type');
  demand(given !== bodiless, bodiless ? `Content-Type must not be given with ${status}` : 'Content-Type is missing');
}

function checkPiece(piece: unknown): void {
  demand(piece instanceof Uint8Array, `a piece of the body must be a Uint8Array, not ${typeof piece}`);
}

function demand(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Validator: ${rule}.`);
}
