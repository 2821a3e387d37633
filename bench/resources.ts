/** The files that the origin serves: what each scenario asks for, and how long the answer must be, in bytes. */
export const resources = {
  pass: { path: '/1k', bytes: 1024 },
  hit: { path: '/10k', bytes: 10_240 },
  /** Asked for with another query each time. */
  store: { path: '/1k', bytes: 1024 },
  distant: { path: '/1k', bytes: 1024 },
  stream: { path: '/10m', bytes: 10_485_760 },
  memory: { path: '/10k', bytes: 10_240 },
  https: { path: '/10k', bytes: 10_240 },
  h2: { path: '/1k', bytes: 1024 },
  first: { path: '/1k', bytes: 1024 },
  /** A message of this length, sent back by the origin. */
  websocket: { path: '/echo', bytes: 1024 },
  /** A Flask application that says hello; the origin is not asked. */
  wsgi: { path: '/hello', bytes: 13 },
  /** The same application, which streams this in pieces of 64 KiB. */
  download: { path: '/download', bytes: 104_857_600 },
} as const;

/** What every response of the origin says about caching; a subject that must not cache is told so itself. */
export const cacheControl = 'public, max-age=3600';
