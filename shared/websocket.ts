/** What a frame can have against RFC 6455. The order is that of the bits in recorded frames: add, never reorder. */
export const FRAME_PROBLEMS = [
  'rsv',
  'opcode',
  'control-length',
  'control-fragment',
  'length',
  'unmasked',
  'masked',
  'continuation',
  'interrupted',
  'utf8',
  'close-code',
  'after-close',
  'deflate',
  'untracked',
] as const;

export type FrameProblem = (typeof FRAME_PROBLEMS)[number];

const SENTENCES: Readonly<Record<FrameProblem, string>> = {
  rsv: 'It has reserved bits set that no negotiated extension uses (§5.2).',
  opcode: 'Its opcode is reserved (§5.2).',
  'control-length': 'It is a control frame with more than 125 bytes of payload (§5.5).',
  'control-fragment': 'It is a control frame that claims to be a fragment (§5.5).',
  length: 'Its length is not written in the shortest form (§5.2).',
  unmasked: 'It comes from the client and is not masked (§5.1).',
  masked: 'It comes from the server and is masked (§5.1).',
  continuation: 'It continues a message that was not begun (§5.4).',
  interrupted: 'It begins a message before the last one has ended (§5.4).',
  utf8: 'Its text is not valid UTF-8 (§8.1).',
  'close-code': 'Its close code must not be sent (§7.4).',
  'after-close': 'It comes after a Close frame (§5.5.1).',
  deflate: 'Its compressed data is damaged (RFC 7692 §7.2.2).',
  untracked: 'Its length cannot be right, so what follows cannot be told apart (§5.2).',
};

/** What is wrong with a frame, as a sentence with the section of RFC 6455 that says so. */
export function describeFrameProblem(problem: FrameProblem): string {
  return SENTENCES[problem];
}

/** A Close frame without a code; an end of the connection without a Close frame (RFC 6455 §7.4.1). */
export const NO_CLOSE_CODE = 1005;
export const ABNORMAL_CLOSE = 1006;

const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code given',
  1006: 'ended without a Close frame',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS handshake failed',
};

/** What a close code means (RFC 6455 §7.4.1 and the IANA registry that it founds). */
export function closeCodeMeaning(code: number): string {
  const known = CLOSE_CODES[code];
  if (known !== undefined) return known;
  if (code >= 3000 && code < 4000) return 'registered by a library or framework';
  if (code >= 4000 && code < 5000) return 'private to the application';
  return 'unassigned';
}

/** Says whether a Close frame may carry this code (RFC 6455 §7.4). */
export function isCloseCode(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code < 5000)
  );
}

/** What permessage-deflate was agreed to mean on one connection (RFC 7692 §7.1). */
export interface DeflateAgreement {
  /** Whether each side keeps its window from one message to the next. */
  readonly clientKeeps: boolean;
  readonly serverKeeps: boolean;
}

/** Reads the Sec-WebSocket-Extensions field of a 101; undefined when permessage-deflate was not agreed on. */
export function readDeflateAgreement(extensions: string | undefined): DeflateAgreement | undefined {
  for (const extension of (extensions ?? '').split(',')) {
    const [name = '', ...parameters] = extension.split(';').map((part) => part.trim().toLowerCase());
    if (name !== 'permessage-deflate') continue;
    return {
      clientKeeps: !parameters.includes('client_no_context_takeover'),
      serverKeeps: !parameters.includes('server_no_context_takeover'),
    };
  }
  return undefined;
}
