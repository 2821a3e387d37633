import { defineConfig } from 'vitest/config';
import { compileCache } from './scripts/project.ts';
import { DesktopFirst } from './tests/support/desktop-first.ts';

/** Tests that open Chromium, or what was built: they need a browser and the built app. */
const browserTests = ['tests/browser/**/*.test.ts', 'tests/desktop/**/*.test.ts', 'tests/package/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Generous, because a busy two-core machine must not turn a slow test into a failed one.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // What is polled for is written or drawn a little later, and on such a machine not within vitest's own second.
    expect: { poll: { timeout: 20_000 } },
    // Where nobody looks on, a test that fails is tried once more, and marked in the report: a machine that stood still for
    // seconds says nothing about the code. On a desk the first failure counts.
    retry: process.env['CI'] === undefined ? 0 : 1,
    passWithNoTests: true,
    sequence: { sequencer: DesktopFirst },
    env: { NODE_COMPILE_CACHE: compileCache },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: browserTests,
          // A process, and all modules anew, for each of some two hundred files would take a fifth of the whole time. What a
          // file leaves behind in the process that it shares is its failure.
          isolate: false,
          setupFiles: ['tests/support/leave-as-found.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browserTests,
          // Each waits for its browser and its host by turns: two at once leave two cores idle for a good part of the time.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['tests/support/browser-setup.ts'],
        },
      },
    ],
  },
});
