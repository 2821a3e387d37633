/** Why a request is not sent again, for the person who asked. */
export type ResendProblem = 'NOT_RESENDABLE' | 'BODY_NOT_KEPT' | 'MASKED_FIELD' | 'BAD_REQUEST';

/** A request that cannot be sent again, and why, in a sentence. */
export class ResendError extends Error {
  readonly code: ResendProblem;

  constructor(code: ResendProblem, sentence: string) {
    super(sentence);
    this.name = 'ResendError';
    this.code = code;
  }
}
