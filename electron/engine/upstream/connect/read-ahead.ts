/** Reading stops when this much waits, so after one large chunk: more would only take memory. */
export const READ_AHEAD_BYTES = 16_384;
