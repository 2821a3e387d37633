import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { SessionItem } from '../trace/session-item.ts';
import { SessionError } from '../trace/session-error.ts';
import { writeWhole } from '../write-whole.ts';
import { endLine, headLine, itemLine, MAX_LINE, parseHead, parseLine } from './session-lines.ts';
import type { SessionHead } from './session-lines.ts';
import { splitLines } from './split-lines.ts';

/** Bodies are often compressed already, and people wait: most of the gain is had at a low level. */
const COMPRESSION_LEVEL = 3;
/** Lines are handed to the compressor in pieces of about this size. */
const PIECE_CHARACTERS = 128 * 1024;

/**
 * Writes a session to `path`, which has the whole of it or what it had before. Returns how many exchanges were written.
 * @param signal ends it
 */
export async function writeSessionFile(
  path: string,
  head: SessionHead,
  items: AsyncIterable<SessionItem>,
  signal?: AbortSignal,
): Promise<number> {
  const counted = { exchanges: 0 };
  const gzip = createGzip({ level: COMPRESSION_LEVEL });
  await writeWhole(path, (file) => pipeline(Readable.from(fileText(head, items, counted)), gzip, file), { signal });
  return counted.exchanges;
}

async function* fileText(
  head: SessionHead,
  items: AsyncIterable<SessionItem>,
  counted: { exchanges: number },
): AsyncGenerator<string> {
  let text = `${headLine(head)}\n`;
  for await (const item of items) {
    if (item.kind === 'exchange') counted.exchanges++;
    text += `${itemLine(item)}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield `${text}${endLine(counted.exchanges)}\n`;
}

/** A session's file, open for reading. */
export interface OpenedSessionFile {
  readonly head: SessionHead;
  /**
   * To be read once. Rejects with a {@link SessionError} where the file breaks off or is damaged; what came before is good.
   */
  readonly items: AsyncGenerator<SessionItem>;
  close(): Promise<void>;
}

/** Opens a `.hopscope` file. @throws {SessionError} when it is none, or of a later version. */
export async function openSessionFile(path: string): Promise<OpenedSessionFile> {
  const lines = splitLines(uncompressed(path), MAX_LINE);
  const close = async (): Promise<void> => {
    await lines.return(undefined);
  };
  try {
    const first = await lines.next();
    if (first.done === true) throw new SessionError('NOT_A_SESSION', 'The file is empty.');
    return { head: parseHead(first.value), items: itemsOf(lines), close };
  } catch (error) {
    await close();
    // What is no gzip, or ends within its first block, was hardly ever a session.
    if (error instanceof SessionError && error.code === 'DAMAGED') {
      throw new SessionError('NOT_A_SESSION', 'This is no file of a Hopscope session.', error);
    }
    throw error;
  }
}

async function* itemsOf(lines: AsyncGenerator<string>): AsyncGenerator<SessionItem> {
  for await (const line of lines) {
    const item = parseLine(line);
    if (item === 'end') return;
    yield item;
  }
  throw new SessionError('DAMAGED', 'The file ends before the session does.');
}

async function* uncompressed(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  // Errors of the file reach whoever reads: pipe alone does not pass them on.
  file.once('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of file.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SessionError('NOT_FOUND', `There is no file ${path}.`, error);
    if (!code.startsWith('Z_')) throw error;
    throw new SessionError('DAMAGED', `The file's compressed data is damaged or breaks off (${message}).`, error);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
