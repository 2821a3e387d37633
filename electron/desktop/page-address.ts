/** Where the user interface is loaded from, in the parts that senders of messages are checked by. */
export interface PageAddress {
  readonly url: string;
  /** With its colon. */
  readonly protocol: string;
  /** With its port, if it has one. */
  readonly host: string;
}

/** The built user interface, served inside the app: nothing of it comes from a network. */
export const appPage: PageAddress = { url: 'app://hopscope/', protocol: 'app:', host: 'hopscope' };

/**
 * The development server's page at `address`, which electron-vite gives; `undefined` when there is none, or when it is not on
 * this machine.
 */
export function developmentPage(address: string | undefined): PageAddress | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (url?.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return undefined;
  return { url: url.href, protocol: url.protocol, host: url.host };
}
