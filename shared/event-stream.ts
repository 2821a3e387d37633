/** What the fields of one block of an event stream say (HTML standard, "Interpreting an event stream"). */
export interface StreamEvent {
  /** The event type; `message` when none is given. */
  readonly type: string;
  readonly data: string;
  /** Set when the block has an id, which then counts for later events as well. */
  readonly id?: string;
  /** Milliseconds to wait before reconnecting. */
  readonly retry?: number;
  /** Lines that begin with a colon. */
  readonly comments: readonly string[];
  /** A block without data makes no event. */
  readonly dispatches: boolean;
}

/** Reads one block: the lines up to an empty one, ended by CR, LF or CRLF. */
export function parseEventBlock(block: string): StreamEvent {
  const data: string[] = [];
  const comments: string[] = [];
  let type = '';
  let id: string | undefined;
  let retry: number | undefined;
  for (const line of block.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (colon === 0) comments.push(value);
    else if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    // An id with a NUL and a retry that is not all digits are ignored.
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }
  return {
    type: type === '' ? 'message' : type,
    data: data.join('\n'),
    comments,
    // The data buffer gets a line feed for every data line, so one empty line is data as well.
    dispatches: data.length > 0,
    ...(id === undefined ? {} : { id }),
    ...(retry === undefined ? {} : { retry }),
  };
}
