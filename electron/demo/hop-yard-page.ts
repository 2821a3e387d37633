/** What a card of the demo site's front page tells about one of its resources. */
interface Card {
  readonly path: string;
  readonly title: string;
  /** The header that decides what a cache may do with it. */
  readonly rule: string;
  readonly tells: string;
}

const cards: readonly Card[] = [
  {
    path: '/etag',
    title: 'Harvest report',
    rule: 'Cache-Control: no-cache',
    tells: 'Stored, but checked each time: 304 when unchanged.',
  },
  {
    path: '/vary',
    title: 'Greeting',
    rule: 'Vary: Accept-Language',
    tells: 'One answer for each language, kept side by side.',
  },
  {
    path: '/api/items',
    title: 'Varieties',
    rule: 'max-age=5, stale-while-revalidate=30',
    tells: 'Fresh for five seconds, then served stale once while it is renewed.',
  },
  {
    path: '/api/time',
    title: 'Yard clock',
    rule: 'Cache-Control: no-store',
    tells: 'Never stored: every request travels.',
  },
  {
    path: '/almanac',
    title: 'Almanac',
    rule: 'Last-Modified alone',
    tells: 'No lifetime given: the cache estimates one from its age.',
  },
  {
    path: '/basket',
    title: 'Your basket',
    rule: 'Cache-Control: private',
    tells: 'For your browser only: a shared cache lets it pass.',
  },
  {
    path: '/slow',
    title: 'Slow brew',
    rule: '800 ms, then max-age=120',
    tells: 'Worth caching: ask twice and compare the timelines.',
  },
  { path: '/redirect', title: 'Signpost', rule: '302, max-age=60', tells: 'A redirect that may be stored.' },
  { path: '/missing', title: 'Empty row', rule: '404, max-age=30', tells: 'Even “not found” may be stored.' },
  { path: '/error', title: 'Broken press', rule: '500', tells: 'An error of the origin, as it came.' },
  {
    path: '/stream',
    title: 'Harvest stream',
    rule: '4 MiB, chunked, paced',
    tells: 'Arrives in pieces; watch the bytes grow.',
  },
];

/** The front page of the demo site. */
export function frontPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hop Yard</title>
<link rel="icon" href="/art/hop.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<img class="field" src="/art/field.png" alt="Rows of hops at dusk" width="480" height="180">
<div class="title"><img src="/art/hop.svg" alt="" width="72" height="72"><div><h1>Hop Yard</h1>
<p>A small site that lives inside Hopscope. Every page here asks something else of a cache.</p></div></div>
</header>
<main>
${cards.map(cardHtml).join('\n')}
</main>
<footer>This page may be reused for a minute, its style sheet for an hour. Reload it and watch Hopscope answer.</footer>
</body>
</html>
`;
}

function cardHtml({ path, title, rule, tells }: Card): string {
  return `<a href="${path}"><h2>${title}</h2><code>${path}</code><p>${tells}</p><span>${rule}</span></a>`;
}

/** The style sheet of the demo site. */
export const styleSheet = `:root { color-scheme: light dark; --ink: #1d2b20; --soft: #55665a; --paper: #f6f4ec; --card: #fffdf7; --line: #dcd8c6; --leaf: #3f7d3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9efe4; --soft: #9fb0a3; --paper: #141a16; --card: #1c241f; --line: #2d3931; --leaf: #8fce7d; } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; padding-bottom: 3rem; }
header { position: relative; }
.field { display: block; width: 100%; height: 240px; object-fit: cover; }
.title { display: flex; gap: 1rem; align-items: center; max-width: 64rem; margin: -2.5rem auto 0; padding: 1.25rem 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; position: relative; }
h1 { font-size: 2rem; line-height: 1.1; letter-spacing: -0.02em; }
header p, footer { color: var(--soft); }
main { max-width: 64rem; margin: 1.5rem auto; display: grid; gap: 0.875rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
main a { display: block; padding: 1rem 1.125rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; color: inherit; text-decoration: none; }
main a:hover, main a:focus-visible { border-color: var(--leaf); }
h2 { font-size: 1.05rem; }
code { color: var(--leaf); font-size: 0.875rem; }
main p { margin: 0.4rem 0 0.6rem; font-size: 0.925rem; color: var(--soft); }
main span { display: inline-block; font: 0.75rem ui-monospace, monospace; padding: 0.15rem 0.45rem; border: 1px solid var(--line); border-radius: 6px; }
footer { max-width: 64rem; margin: 0 auto; padding: 0 0.25rem; font-size: 0.875rem; }
@media (max-width: 66rem) { .title, main, footer { margin-left: 1rem; margin-right: 1rem; } }
`;

/** A hop cone, drawn as overlapping bracts. */
export function hopDrawing(): string {
  const rows = [
    { y: 26, xs: [50] },
    { y: 38, xs: [40, 60] },
    { y: 51, xs: [34, 50, 66] },
    { y: 64, xs: [41, 59] },
    { y: 76, xs: [50] },
  ];
  const bracts = rows.flatMap(({ y, xs }, row) =>
    xs.map(
      (x) =>
        `<path d="M${x} ${y - 13}q12 12 0 27q-12 -15 0 -27z" fill="${['#a9d18e', '#8fc474', '#76b55c', '#5fa349', '#4b8f38'][row] ?? ''}"/>`,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">
<path d="M50 4c-2 4 -2 8 0 12" stroke="#3f7d3a" stroke-width="4" fill="none" stroke-linecap="round"/>
<path d="M50 12c-14 -8 -26 -4 -32 4c12 4 24 4 32 -4zM50 12c14 -8 26 -4 32 4c-12 4 -24 4 -32 -4z" fill="#3f7d3a"/>
<g stroke="#2f6a2c" stroke-width="1.5" stroke-linejoin="round">${bracts.reverse().join('')}</g>
</svg>
`;
}

/** The greeting of `/vary` by language; English answers any other language. */
export const greetings: Readonly<Record<string, string>> = {
  en: 'Welcome to the hop yard.',
  de: 'Willkommen im Hopfengarten.',
  cs: 'Vítejte na chmelnici.',
  fr: 'Bienvenue dans la houblonnière.',
  es: 'Bienvenidos al campo de lúpulo.',
  ja: 'ホップ畑へようこそ。',
};

/** The items of `/api/items`. */
export const varieties = [
  { id: 1, name: 'Fuggle', country: 'England', aroma: ['earth', 'wood', 'grass'], alpha: 4.5 },
  { id: 2, name: 'Saaz', country: 'Czechia', aroma: ['herbs', 'spice'], alpha: 3.5 },
  { id: 3, name: 'Hallertau Mittelfrüh', country: 'Germany', aroma: ['flowers', 'citrus'], alpha: 4.2 },
  { id: 4, name: 'Cascade', country: 'United States', aroma: ['grapefruit', 'pine'], alpha: 6.0 },
  { id: 5, name: 'Nelson Sauvin', country: 'New Zealand', aroma: ['gooseberry', 'grape'], alpha: 12.5 },
  { id: 6, name: 'Sorachi Ace', country: 'Japan', aroma: ['lemon', 'dill'], alpha: 13.0 },
] as const;
