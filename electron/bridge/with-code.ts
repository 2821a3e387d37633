import { ContractError } from './contract-error.ts';

/** What `ask` resolves with. Errors that have a code, and those of the disk do, are for the person who asked. */
export async function withCode<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (typeof code === 'string') throw new ContractError(code, message);
    throw error;
  }
}
