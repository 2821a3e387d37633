import type { RequestListener } from 'node:http';
import type { Dispatcher } from 'undici';

/** Answers every request with what `upstream` answers, heads and bodies with backpressure. */
export function forwarder(upstream: Dispatcher): RequestListener {
  return (request, response) => {
    const bodied =
      request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
    const options: Dispatcher.DispatchOptions = {
      path: request.url ?? '/',
      method: request.method ?? 'GET',
      headers: withoutConnectionFields(request.rawHeaders),
      body: bodied ? request : null,
    };
    upstream.dispatch(options, {
      onRequestStart(controller) {
        response.on('close', () => {
          if (!response.writableFinished) controller.abort(new Error('the client has gone'));
        });
      },
      onResponseStart(controller, status) {
        response.writeHead(status, withoutConnectionFields(controller.rawHeaders as Buffer[]));
      },
      onResponseData(controller, chunk) {
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd() {
        response.end();
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
