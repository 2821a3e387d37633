import { compileGlob } from '../http/glob.ts';

/** Prepares a URL pattern: `*` stands for any run of characters; without one the pattern is a prefix of the URL. */
export function urlPattern(pattern: string): (uri: string) => boolean {
  return pattern.includes('*') ? compileGlob(pattern) : (uri) => uri.startsWith(pattern);
}
