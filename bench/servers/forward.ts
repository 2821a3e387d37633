import type { RequestListener } from 'node:http';
import type { Dispatcher } from 'undici';

/** What is done with a whole response. */
type Keep = (url: string, head: readonly string[], body: Uint8Array) => void;

/** Answers every request with what `upstream` answers, heads and bodies with backpressure. */
export function forwarder(upstream: Dispatcher, keep?: Keep): RequestListener {
  return (request, response) => {
    const bodied =
      request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
    const options: Dispatcher.DispatchOptions = {
      path: request.url ?? '/',
      method: request.method ?? 'GET',
      headers: withoutConnectionFields(request.rawHeaders),
      body: bodied ? request : null,
    };
    let head: string[] = [];
    const chunks: Buffer[] = [];
    upstream.dispatch(options, {
      onRequestStart(controller) {
        response.on('close', () => {
          if (!response.writableFinished) controller.abort(new Error('the client has gone'));
        });
      },
      onResponseStart(controller, status) {
        head = withoutConnectionFields(controller.rawHeaders as Buffer[]);
        response.writeHead(status, head);
      },
      onResponseData(controller, chunk) {
        if (keep !== undefined) chunks.push(chunk);
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd() {
        response.end();
        keep?.(options.path, head, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      },
      onResponseError() {
        response.destroy();
      },
    });
  };
}

function withoutConnectionFields(raw: readonly (string | Buffer)[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]);
    const lower = name.toLowerCase();
    if (lower === 'connection' || lower === 'keep-alive' || lower === 'transfer-encoding') continue;
    kept.push(name, String(raw[i + 1]));
  }
  return kept;
}
