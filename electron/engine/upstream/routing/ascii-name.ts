import { domainToASCII } from 'node:url';

/** A host name, or a pattern of some, as clients ask for it: names in other scripts have a form in ASCII (RFC 5890). */
export function asciiName(name: string): string {
  if (/^[\0-\x7f]*$/.test(name)) return name;
  const ascii = domainToASCII(name);
  // What is no name stays what was written.
  return ascii === '' ? name : ascii;
}
