import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { HeaderList } from '../../../shared/headers.ts';
import { messageOf } from '../../../shared/message-of.ts';
import type { RequestHead } from '../chain/exchange.ts';
import type { Body, Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { formatContentRange, rangeLength } from '../http/byte-ranges.ts';
import { formatEntityTag } from '../http/etag.ts';
import { formatHttpDate } from '../http/http-date.ts';
import { mediaTypeOf } from '../http/media-types.ts';
import { reasonPhrase } from '../http/reason-phrases.ts';
import { errorReply } from '../proxy/error-reply.ts';
import { FileBody } from './file-body.ts';
import type { FileFacts, Selection } from './file-selection.ts';
import { selectFrom } from './file-selection.ts';
import { findFile } from './find-file.ts';

/** Who answers from files: the rule's name, and its path of a file or a folder. */
export interface FileSource {
  readonly name: string;
  readonly path: string;
}

/** The answer from a file, in part where a part is asked for; or the page that says why there is none. Never rejects. */
export async function fileReply(request: RequestHead, source: FileSource): Promise<Reply> {
  const { name } = source;
  try {
    const found = await findFile(source.path, request.url.path);
    if (found.kind === 'missing')
      return failure(request, 'RULE_FILE_MISSING', `The rule “${name}” looks for ${found.path}.`);
    if (found.kind === 'folder') return toFolder(request);
    return await replyFrom(request, found.path);
  } catch (error) {
    return failure(request, 'RULE_FILE_UNREADABLE', `The rule “${name}” reads ${source.path}: ${messageOf(error)}.`);
  }
}

function failure(request: RequestHead, code: 'RULE_FILE_MISSING' | 'RULE_FILE_UNREADABLE', detail: string): Reply {
  return errorReply(new ExchangeError(code, 'rules', detail), request);
}

/** Relative links of a folder's page are resolved against a URL with a slash at its end. */
function toFolder({ url }: RequestHead): Reply {
  const query = url.path.indexOf('?');
  const [path, rest] = query < 0 ? [url.path, ''] : [url.path.slice(0, query), url.path.slice(query)];
  // Two slashes in front would name another host.
  const location = `${path.replace(/^\/+/, '/')}/${rest}`;
  return reply(302, ['Location', location, 'Cache-Control', 'no-store', 'Content-Length', '0'], null);
}

async function replyFrom({ method, headers }: RequestHead, path: string): Promise<Reply> {
  const file = await open(path, 'r');
  let isSent = false;
  try {
    const facts = await factsOf(file);
    const head = headOf(facts, selectFrom(facts, method, headers, Date.now()), mediaTypeOf(path));
    const { status, fields, bytes } = head;
    if (bytes === undefined || method === 'HEAD') return reply(status, fields, null);
    isSent = true;
    return reply(status, fields, new FileBody(file, bytes.from, bytes.to));
  } finally {
    // Otherwise the body closes it.
    if (!isSent) await file.close();
  }
}

interface FileHead {
  readonly status: number;
  readonly fields: HeaderList;
  /** What of the file is sent; `to` is behind the last byte. */
  readonly bytes?: { readonly from: number; readonly to: number };
}

function headOf({ length, modified, etag }: FileFacts, selection: Selection, mediaType: string): FileHead {
  // Each use asks again whether the file is still the same: it is there to be edited.
  const validators = [
    ...['Last-Modified', formatHttpDate(modified), 'ETag', formatEntityTag(etag)],
    ...['Cache-Control', 'no-cache'],
  ];
  const fields = ['Content-Type', mediaType, ...validators, 'Accept-Ranges', 'bytes'];
  switch (selection.kind) {
    case 'not-modified':
      return { status: 304, fields: validators };
    case 'failed':
      return { status: 412, fields: ['Content-Length', '0'] };
    case 'unsatisfiable':
      return { status: 416, fields: ['Content-Range', `bytes */${length}`, 'Content-Length', '0'] };
    case 'range': {
      const { first, last } = selection.range;
      const part = ['Content-Range', formatContentRange(selection.range, length)];
      const bytes = { from: first, to: last + 1 };
      return {
        status: 206,
        fields: [...fields, ...part, 'Content-Length', String(rangeLength(selection.range))],
        bytes,
      };
    }
    case 'whole':
      return { status: 200, fields: [...fields, 'Content-Length', String(length)], bytes: { from: 0, to: length } };
  }
}

async function factsOf(file: FileHandle): Promise<FileFacts> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  const opaque = `"${size.toString(16)}-${mtimeNs.toString(16)}"`;
  const modified = Number(mtimeNs / 1_000_000_000n) * 1000;
  return { length: Number(size), etag: { weak: false, opaque }, modified };
}

function reply(status: number, fields: HeaderList, body: Body): Reply {
  const headers = [...fields, 'Date', formatHttpDate(Date.now())];
  return { status, reason: reasonPhrase(status), headers, body, from: 'hopscope' };
}
