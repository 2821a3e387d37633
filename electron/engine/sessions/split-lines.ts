import { SessionError } from '../trace/session-error.ts';

const NEWLINE = 10;

/**
 * The lines of UTF-8 text that comes in pieces, without their ends.
 * @throws {SessionError} for a line longer than `maxBytes`, before more of it is taken into memory.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield textOf([...waiting, chunk.subarray(start, end)]);
      waiting = [];
      bytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    bytes += chunk.length - start;
    if (bytes > maxBytes) throw new SessionError('TOO_LARGE', 'The file has a line that is longer than any of ours.');
    waiting.push(start === 0 ? chunk : chunk.subarray(start));
  }
  if (bytes > 0) yield textOf(waiting);
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('utf8');
}
