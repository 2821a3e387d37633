/** What is secret in a line for people, with what stands in its place. Keys first: they go over lines. */
const SECRETS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[a private key]'],
  [/\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s*[:=,]\s*)[^\r\n]+/gi, '$1$2…'],
  [/\b(Basic|Bearer|Digest) [\w+/=.~-]{6,}/g, '$1 …'],
  // The engine's own, which is 32 bytes in base64url. What else follows the name is a sentence about Hopscope.
  [/\b(Hopscope) [\w-]{43}/g, '$1 …'],
  [/(:\/\/)[^/\s@"']+@/g, '$1…@'],
  [/([?&](?:token|access_token|api_?key|password|secret)=)[^&\s"']+/gi, '$1…'],
];

/** `text`, which is going to be kept in a log, without logins, cookies, tokens and keys that a message may quote. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((safe, [pattern, instead]) => safe.replace(pattern, instead), text);
}
