/** The failure of a reply whose body is not as long as its Content-Length said. */
export function lengthMismatch(expected: number, sent: number): LengthMismatch {
  const message = `The body has ${sent < expected ? 'only ' : ''}${sent} of the ${expected} bytes that Content-Length announced.`;
  return { kind: 'failed', code: 'CLOSED_EARLY', phase: 'receive', message };
}

/** See {@link lengthMismatch}. */
interface LengthMismatch {
  readonly kind: 'failed';
  readonly code: string;
  readonly phase: string;
  readonly message: string;
}
