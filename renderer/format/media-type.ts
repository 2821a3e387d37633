const SHORT: Readonly<Record<string, string>> = {
  'application/javascript': 'js',
  'application/x-javascript': 'js',
  'text/javascript': 'js',
  'application/json': 'json',
  'application/octet-stream': 'binary',
  'application/x-www-form-urlencoded': 'form',
  'application/xhtml+xml': 'xhtml',
  'image/svg+xml': 'svg',
  'image/vnd.microsoft.icon': 'ico',
  'image/x-icon': 'ico',
  'multipart/form-data': 'form',
  'text/event-stream': 'events',
  'text/plain': 'text',
};

/** A media type as short as a list column wants it: `json`, `html`, `png`; empty when unknown. */
export function shortType(contentType: string | undefined): string {
  if (contentType === undefined || contentType === '') return '';
  const known = SHORT[contentType];
  if (known !== undefined) return known;
  const subtype = contentType.slice(contentType.indexOf('/') + 1).replace(/^x-/, '');
  const suffix = /\+(json|xml|zip)$/.exec(subtype);
  return suffix?.[1] ?? subtype;
}

/** How a body may be looked at. */
export type BodyNature = 'json' | 'text' | 'image' | 'binary';

// SVG and HTML are text here on purpose: neither is ever rendered.
const TEXT_TYPE =
  /^text\/|[/+](?:json|xml|javascript|ecmascript|x-javascript|graphql|yaml|x-yaml|toml|x-www-form-urlencoded|x-ndjson|jsonl|sql|csv)$/;
const RASTER_TYPE = /^image\/(?:png|jpeg|jpg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|apng)$/;

/** What a body of this media type (lower case, no parameters) is shown as at first. */
export function bodyNature(contentType: string): BodyNature {
  if (/[/+](?:json|manifest\+json)$/.test(contentType)) return 'json';
  if (contentType === 'image/svg+xml' || TEXT_TYPE.test(contentType)) return 'text';
  if (RASTER_TYPE.test(contentType)) return 'image';
  return 'binary';
}

/** The media type and charset of a Content-Type field value, both in lower case, empty when absent. */
export function parseContentType(value: string | undefined): { readonly type: string; readonly charset: string } {
  if (value === undefined) return { type: '', charset: '' };
  const [type = '', ...parameters] = value.split(';');
  let charset = '';
  for (const parameter of parameters) {
    const match = /^\s*charset\s*=\s*"?([^\s";]+)/i.exec(parameter);
    if (match?.[1] !== undefined) charset = match[1].toLowerCase();
  }
  return { type: type.trim().toLowerCase(), charset };
}
