/** A body as a text that stands for exactly these bytes; undefined for bytes that no text does, or none that can be typed. */
export function exactText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    // Not UTF-8, which is all that was asked.
    return undefined;
  }
}

/** Bytes in base64 (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
