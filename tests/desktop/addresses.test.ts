import { describe, expect, it } from 'vitest';
import { isKnownLink } from '../../electron/desktop/known-links.ts';
import { developmentPage } from '../../electron/desktop/page-address.ts';

describe('a link to the outside', () => {
  it.each([
    'https://www.rfc-editor.org/rfc/rfc9111.html#section-4.2',
    'https://httpwg.org/specs/',
    'HTTPS://developer.mozilla.org/',
  ])('is known: %s', (url) => expect(isKnownLink(url)).toBe(true));

  it.each([
    'http://www.rfc-editor.org/',
    'https://www.rfc-editor.org.example.com/',
    'https://www.rfc-editor.org:8443/',
    'https://user@www.rfc-editor.org/',
    'https://www.rfc-editor.org@example.com/',
    'https://example.com/?https://www.rfc-editor.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'www.rfc-editor.org',
    '',
  ])('is not known: %s', (url) => expect(isKnownLink(url)).toBe(false));
});

describe('the development server', () => {
  it('is taken where electron-vite says', () => {
    const page = { url: 'http://localhost:5173/', protocol: 'http:', host: 'localhost:5173' };
    expect(developmentPage('http://localhost:5173')).toEqual(page);
  });

  it.each([
    undefined,
    '',
    'localhost:5173',
    'https://localhost/',
    'http://example.com/',
    'http://localhost.example.com/',
    'file:///',
  ])('is not taken from %s', (address) => expect(developmentPage(address)).toBeUndefined());
});
