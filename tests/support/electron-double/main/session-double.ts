import { checkOptions } from './strict.ts';

type Answer = (granted: boolean) => void;
type RequestHandler = (contents: unknown, permission: string, answer: Answer, details: object) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;
type ProtocolHandler = (request: Request) => Response | Promise<Response>;
type BeforeRequest = (details: { url: string }, proceed: (response: { cancel?: boolean }) => void) => void;

/** The permissions that the browser of the test can grant, with Electron's names for them. */
const grantable: Readonly<Record<string, string>> = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  camera: 'media',
  microphone: 'media',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
};

/** `session.defaultSession`, with its protocol handlers, permissions and request filter. */
export class SessionDouble {
  /** Schemes registered by `protocol.registerSchemesAsPrivileged`. */
  readonly privileged = new Map<string, Record<string, boolean>>();
  readonly protocol = { handle: (scheme: string, handler: ProtocolHandler) => this.#handle(scheme, handler) };
  readonly webRequest = {
    onBeforeRequest: ({ urls }: { urls: readonly string[] }, listener: BeforeRequest) => {
      if (urls.join() !== '<all_urls>') throw new Error('The double knows no filter but <all_urls>');
      this.#beforeRequest = listener;
    },
  };
  /** What {@link setProxy} was last told. */
  proxy: object | undefined;
  readonly #handlers = new Map<string, ProtocolHandler>();
  #requestHandler: RequestHandler | undefined;
  #checkHandler: CheckHandler | undefined;
  #deviceHandler: ((details: object) => boolean) | undefined;
  #beforeRequest: BeforeRequest | undefined;

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#requestHandler = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#checkHandler = handler;
  }

  setDevicePermissionHandler(handler: (details: object) => boolean): void {
    this.#deviceHandler = handler;
  }

  setProxy(config: object): Promise<void> {
    checkOptions('Session.setProxy', config, ['mode']);
    this.proxy = config;
    return Promise.resolve();
  }

  /** How a permission is answered when it is asked for, when it is looked up, and for a device. Without handlers: granted. */
  async permission(name: string): Promise<{ request: boolean; check: boolean; device: boolean }> {
    const handler = this.#requestHandler;
    const request = await new Promise<boolean>((resolve) => {
      if (handler) handler({}, name, resolve, {});
      else resolve(true);
    });
    const check = this.#checkHandler?.({}, name, 'app://hopscope', {}) ?? true;
    return { request, check, device: this.#deviceHandler?.({}) ?? true };
  }

  /** The names, in the test's browser, of what pages may do. */
  async granted(): Promise<string[]> {
    const names: string[] = [];
    for (const [name, permission] of Object.entries(grantable)) {
      const { request, check } = await this.permission(permission);
      if (request && check) names.push(name);
    }
    return names;
  }

  /** Whether a request for `url` may leave. */
  mayRequest(url: string): Promise<boolean> {
    const listener = this.#beforeRequest;
    if (listener === undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      listener({ url }, ({ cancel }) => resolve(cancel !== true));
    });
  }

  /** The answer of a protocol's handler, ready to cross a wire; `undefined` for a scheme that nobody handles. */
  async fetch(
    url: string,
    method: string,
  ): Promise<{ status: number; headers: string[][]; body: Uint8Array } | undefined> {
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) return undefined;
    const response = await handler(new Request(url, { method }));
    return { status: response.status, headers: [...response.headers], body: await response.bytes() };
  }

  #handle(scheme: string, handler: ProtocolHandler): void {
    if (this.#handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
    if (this.privileged.get(scheme)?.['standard'] !== true)
      throw new Error(`The double needs ${scheme} to be standard`);
    this.#handlers.set(scheme, handler);
  }
}
