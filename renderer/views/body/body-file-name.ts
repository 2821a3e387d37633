/** A name for the file, from the URL; characters that file systems mind are replaced. */
export function bodyFileName(url: string, type: string): string {
  const path = URL.parse(url)?.pathname ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1).replaceAll(/[\0-\x1f\x7f<>:"|?*\\%]/g, '_');
  const name = last === '' ? 'body' : last.slice(-100);
  if (name.includes('.')) return name;
  const extension = EXTENSIONS[type];
  return extension === undefined ? name : `${name}.${extension}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'text/html': 'html',
  'text/css': 'css',
  'text/javascript': 'js',
  'application/javascript': 'js',
  'text/plain': 'txt',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
};
