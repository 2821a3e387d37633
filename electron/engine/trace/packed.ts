/** A run of a track that is appended whole when the same things are told again. */
export interface Packed {
  readonly numbers: Int32Array;
  readonly text: string;
}
