import fc from 'fast-check';

/**
 * fast-check with the same cases in every run, so that a test says the same of the same code. `PROPERTY_SEED=random` looks
 * for new ones (a failure names its seed), `PROPERTY_RUNS` says how many to try for each property.
 */
const { PROPERTY_SEED: seed = '1', PROPERTY_RUNS: runs } = process.env;
fc.configureGlobal({
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});

export { fc };
