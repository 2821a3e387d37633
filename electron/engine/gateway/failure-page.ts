import { hasHeader, joinedHeader } from '../../../shared/headers.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import type { Reply } from '../chain/reply.ts';
import type { ErrorCode } from '../errors.ts';
import { escapeHtml } from '../http/escape-html.ts';

/** What a failed application's page tells. */
export interface Failure {
  readonly code: ErrorCode;
  readonly status: 500 | 502;
  readonly title: string;
  /** A traceback, or what a worker wrote last. It may quote hostile input. */
  readonly report: string;
}

/** The response that shows why an application gave none: as a page for browsers, as plain text for everyone else. */
export function failureReply({ code, status, title, report }: Failure, request: HeaderList): Reply {
  const html = hasHeader(request, 'accept') && /\btext\/html\b/i.test(joinedHeader(request, 'accept') ?? '');
  const text = html ? page(title, report) : `${title}\n\n${report}\n`;
  const body = Buffer.from(text);
  return {
    status,
    reason: status === 500 ? 'Internal Server Error' : 'Bad Gateway',
    headers: [
      ...['Content-Type', `text/${html ? 'html' : 'plain'}; charset=utf-8`, 'Content-Length', String(body.length)],
      ...['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'],
      ...['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"],
      ...['X-Hopscope-Error', code, 'Date', new Date().toUTCString()],
    ],
    body,
    from: 'hopscope',
  };
}

function page(title: string, report: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 3rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.25rem; }
pre { overflow: auto; padding: 1rem; border: 1px solid #8886; border-radius: 6px; font: 13px/1.45 ui-monospace, monospace; }
p { color: GrayText; }
</style>
<h1>${escapeHtml(title)}</h1>
<pre>${escapeHtml(report)}</pre>
<p>Shown by Hopscope's gateway. The application's side of this request is in the exchange's details.</p>
</html>
`;
}
