import { createHash } from 'node:crypto';
import { escapeHtml } from '../http/escape-html.ts';

/** What the page of a failed request tells; all of it may quote hostile input. */
export interface ErrorFacts {
  /** The error in one sentence. */
  readonly summary: string;
  /** What exactly was wrong; may be empty. */
  readonly detail: string;
  readonly advice: readonly string[];
  readonly code: string;
  readonly phase: string;
  readonly url: string;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8885; --accent: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --accent: #ff8a80; } }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; }
small { color: GrayText; font-size: .85rem; }
h1 { font-size: 1.45rem; line-height: 1.3; margin: .25rem 0 1rem; }
h1::before { content: ''; display: block; width: 2.5rem; border-top: 4px solid var(--accent); margin-bottom: 1rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p, li { overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 2rem 0 0; padding-top: 1rem;
  border-top: 1px solid var(--line); font-size: .9rem; }
dt { color: GrayText; }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
`;

/** Allows the page its own style and nothing else. */
export const ERROR_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page that tells a person why a request has no answer. */
export function errorPage({ summary, detail, advice, code, phase, url }: ErrorFacts): string {
  const remedies = advice.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(summary)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(summary)}</h1>
${detail === '' ? '' : `<p>${escapeHtml(detail)}</p>`}
${remedies === '' ? '' : `<h2>What to do</h2>\n<ul>\n${remedies}\n</ul>`}
<dl>
<dt>Request</dt><dd>${escapeHtml(url)}</dd>
<dt>Code</dt><dd>${escapeHtml(code)}</dd>
<dt>Phase</dt><dd>${escapeHtml(phase)}</dd>
</dl>
<p><small>Shown by Hopscope, the proxy that this request went through. Its list has the whole story.</small></p>
</main>
</body>
</html>
`;
}
