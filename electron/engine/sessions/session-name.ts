import { SessionError } from '../trace/session-error.ts';

/** What file names cannot have on one system or another, control characters included. */
const UNFIT = /[\u0000-\u001f\u007f<>:"/\\|?*]/g;
/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
/** Most file systems hold 255 bytes, of which some are for the ending and for the time while it is written. */
const MAX_BYTES = 200;

/**
 * The name that a person gave a session, as a file name without its ending: nothing in it leads out of a folder or means
 * something else to some system. @throws {SessionError} when nothing is left of it.
 */
export function safeFileName(name: string): string {
  const fit = name
    .normalize('NFC')
    .replace(UNFIT, '-')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  if (fit === '') throw new SessionError('BAD_NAME', 'A session needs a name with letters or digits.');
  if (Buffer.byteLength(fit) > MAX_BYTES) throw new SessionError('BAD_NAME', 'This name is too long for a file.');
  return DEVICE.test(fit) ? `${fit}-` : fit;
}
