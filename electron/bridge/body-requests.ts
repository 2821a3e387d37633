import type { BodyRequestMap, BodySource } from '../../shared/body-contract.ts';
import { ContractError } from './contract-error.ts';
import type { ReadBodies } from './engine-host.ts';

type BodyHandlers = {
  [N in keyof BodyRequestMap]: (params: BodyRequestMap[N]['params']) => Promise<BodyRequestMap[N]['result']>;
};

/** The contract's part about bodies without their content codings. */
export function bodyRequests(bodies: ReadBodies): BodyHandlers {
  return {
    'body.open': async ({ source }) => (await bodies.open(source)) ?? notKept(source),
    'body.decoded': async ({ source, offset, length }) =>
      (await bodies.read(source, offset, length)) ?? notKept(source),
    'body.rows': async ({ source, from, limit }) => (await bodies.rows(source, from, limit)) ?? notKept(source),
    'body.find': async (question) => (await bodies.find(question)) ?? notKept(question.source),
  };
}

function notKept(source: BodySource): never {
  const whose = 'entry' in source ? `entry ${source.entry}` : `exchange ${source.exchange}`;
  throw new ContractError('NOT_FOUND', `The body of ${whose} is not kept (any more).`);
}
