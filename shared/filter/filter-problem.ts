/** What is wrong with a filter. */
export type FilterProblemCode =
  | 'TOO_LONG'
  | 'TOO_DEEP'
  | 'BRACKET'
  | 'QUOTE'
  | 'OPERAND'
  | 'KEY'
  | 'VALUE'
  | 'OPERATOR'
  | 'REGEX'
  /** Asked when a request arrives, of what only its answer tells: see request-filter.ts. */
  | 'LATER'
  /** A key without a value yet, as while typing: nothing is wrong, something is missing. */
  | 'INCOMPLETE';

/** Why a filter cannot be understood, and where: characters from `from` up to, not including, `to` of its text. */
export interface FilterProblem {
  readonly code: FilterProblemCode;
  readonly from: number;
  readonly to: number;
  /** A sentence. */
  readonly message: string;
}

/** Thrown inside of the parser, and caught at its edge: see parse-filter.ts. */
export class FilterSyntaxError extends Error {
  readonly problem: FilterProblem;

  constructor(code: FilterProblemCode, from: number, to: number, message: string) {
    super(message);
    this.problem = { code, from, to, message };
  }
}

/** What is wrong and where, for those who do not see it marked in the filter. */
export function placedProblem({ from, message }: FilterProblem): string {
  return `At character ${from + 1}: ${message}`;
}
