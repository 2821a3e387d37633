import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../scripts/project.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const text = read('.github/workflows/release.yml');
const workflow = parse(text) as Workflow;
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, job]) => job.steps);

/** What stands in `${{ … }}` and in conditions, which need no brackets. */
function expressionsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{\{(.*?)\}\}/g)].map(([, inner = '']) => inner.trim());
}

/** Names that an expression reads, as in `secrets.X`; what stands in quotes is no name. */
function namesIn(expression: string): string[] {
  return [...expression.replaceAll(/'[^']*'/g, '').matchAll(/\b[a-z]+\.[\w.]+/g)].map(([name]) => name);
}

describe('the release workflow', () => {
  test('runs for tags of versions alone, and its jobs need jobs that there are', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
    const names = jobs.map(([name]) => name);
    expect(names).toEqual(['test', 'package', 'release']);
    expect(jobs.map(([, { needs }]) => needs)).toEqual([undefined, 'test', 'package']);
  });

  test('reads nothing that does not exist', () => {
    for (const [name, job] of jobs) {
      const matrix = job.strategy?.matrix.include ?? [];
      const known = new Set([
        ...['runner.os', 'github.token'],
        ...['MAC_CERTIFICATE', 'MAC_CERTIFICATE_PASSWORD', 'WINDOWS_CERTIFICATE', 'WINDOWS_CERTIFICATE_PASSWORD'].map(
          (secret) => `secrets.${secret}`,
        ),
        ...['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'].map((secret) => `secrets.${secret}`),
        // A key that one of them lacks would be empty there.
        ...Object.keys(matrix[0] ?? {})
          .filter((key) => matrix.every((row) => key in row))
          .map((key) => `matrix.${key}`),
      ]);
      const conditions = job.steps.flatMap((step) => step.if ?? []);
      const used = [...expressionsIn(job), ...conditions].flatMap(namesIn);
      expect({ name, unknown: used.filter((one) => !known.has(one)) }).toEqual({ name, unknown: [] });
    }
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const asked = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (\S+)/g)].map(([, script = '']) => script));
    expect(asked.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('uses actions by commit, with the version in words, and leaves no credentials in checkouts', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(uses.length).toBe(steps.filter((step) => step.uses !== undefined).length);
    expect(uses.filter((line) => !/- uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const checkouts = steps.filter(({ uses: action }) => action?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with)).toEqual(jobs.map(() => ({ 'persist-credentials': false })));
  });

  test('may write in one job only, which sees no secret of a signature', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(jobs.map(([, { permissions }]) => permissions)).toEqual([
      undefined,
      undefined,
      { contents: 'write', 'id-token': 'write', attestations: 'write' },
    ]);
    const withSecrets = jobs.filter(([, job]) => JSON.stringify(job).includes('secrets.')).map(([name]) => name);
    expect(withSecrets).toEqual(['package']);
  });

  test('puts values into scripts by their environment, never into their text', () => {
    const put = steps.flatMap(({ run = '' }) => expressionsIn(run));
    expect(put.filter((expression) => expression !== 'matrix.flags')).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('has scripts that a shell can read', () => {
    for (const { run = '' } of steps) {
      execFileSync('bash', ['-n'], { input: run.replaceAll(/\$\{\{.*?\}\}/g, 'value') });
    }
  });

  test('packs for every system that there are targets for', () => {
    const config = parse(read('electron-builder.yml')) as Record<string, { target?: unknown[] } | undefined>;
    const systems = ['linux', 'mac', 'win'].filter((system) => config[system]?.target !== undefined);
    const flags = workflow.jobs['package']?.strategy?.matrix.include.map((row) => row['flags']);
    expect(flags).toEqual(systems.map((system) => `--${system}`));
    const packing = workflow.jobs['package']?.steps.find(({ run }) => run?.includes('electron-builder'))?.run;
    expect(packing).toContain('--publish never');
    // Neither a deb nor an rpm can be made without one.
    expect(packing).toContain('-c.extraMetadata.homepage=');
  });

  test('sums, attests and drafts, in this order, all that it has gathered', () => {
    const { steps: last = [] } = workflow.jobs['release'] ?? {};
    const words = last.map(({ uses = '', run = '', with: input = {} }) => `${uses} ${run} ${JSON.stringify(input)}`);
    const at = (part: string): number => words.findIndex((step) => step.includes(part));
    const order = [
      'download-artifact@',
      'sha256sum -- * > SHA256SUMS',
      '"subject-checksums":"release/SHA256SUMS"',
      '--draft',
    ];
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(order.map(at)).not.toContain(-1);
    // Everything that is released is there before it is summed.
    const summing = last[at('sha256sum')]?.run ?? '';
    for (const part of ['npm pack --pack-destination release', 'stagingPercentage', 'npm sbom']) {
      expect(summing.indexOf(part)).toBeGreaterThan(-1);
      expect(summing.indexOf(part)).toBeLessThan(summing.indexOf('sha256sum'));
    }
  });
});
