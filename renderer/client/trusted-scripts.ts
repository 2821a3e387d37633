/** The part of the browser's Trusted Types (W3C) that this needs; Chromium has them, other browsers may not. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string }): unknown;
}

/**
 * Says what may become a script where the page's content security policy asks for Trusted Types: a file that was built with this
 * page, as its workers are. Whoever makes markup or script out of text gets an error, as no rule is given for those.
 */
export function trustOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const assets = new URL('./assets/', document.baseURI).href;
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, document.baseURI).href.startsWith(assets)) return url;
      throw new TypeError(`${url} is no script of this page`);
    },
  });
}
