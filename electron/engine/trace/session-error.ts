/** Why a session cannot be read or written. The code is for programs, the message a sentence for people. */
export type SessionErrorCode =
  | 'NOT_FOUND'
  /** It is no recorded session at all. */
  | 'NOT_A_SESSION'
  /** A later version of Hopscope wrote it. */
  | 'NEWER_FORMAT'
  | 'NOT_READABLE'
  /** A machine with the other byte order wrote it. */
  | 'OTHER_BYTE_ORDER'
  /** It breaks off, or holds what no session can. */
  | 'DAMAGED'
  | 'TOO_LARGE'
  /** There is one of that name already. */
  | 'NAME_TAKEN'
  | 'BAD_NAME'
  /** Another session is being saved or opened. */
  | 'BUSY'
  /** The session was cleared while another one was being opened. */
  | 'CANCELLED';

export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'SessionError';
    this.code = code;
  }
}
