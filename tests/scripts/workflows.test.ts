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
  /** The workflow that is the job. */
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

interface WorkflowFile {
  readonly text: string;
  readonly workflow: Workflow;
  readonly jobs: readonly (readonly [name: string, job: Job])[];
  readonly steps: readonly Step[];
}

function workflowFile(name: string): WorkflowFile {
  const text = read(`.github/workflows/${name}`);
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  return { text, workflow, jobs, steps: jobs.flatMap(([, job]) => job.steps ?? []) };
}

const release = workflowFile('release.yml');
const tests = workflowFile('test.yml');

/** What stands in `${{ … }}` and in conditions, which need no brackets. */
function expressionsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{\{(.*?)\}\}/g)].map(([, inner = '']) => inner.trim());
}

/** Names that an expression reads, as in `secrets.X`; what stands in quotes is no name. */
function namesIn(expression: string): string[] {
  return [...expression.replaceAll(/'[^']*'/g, '').matchAll(/\b[a-z]+\.[\w.]+/g)].map(([name]) => name);
}

describe.each([
  ['release.yml', release],
  ['test.yml', tests],
])('%s', (_name, { text, jobs, steps }) => {
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
      const conditions = (job.steps ?? []).flatMap((step) => step.if ?? []);
      const used = [...expressionsIn(job), ...conditions].flatMap(namesIn);
      expect({ name, unknown: used.filter((one) => !known.has(one)) }).toEqual({ name, unknown: [] });
    }
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const asked = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (\S+)/g)].map(([, script = '']) => script));
    expect(asked.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('uses actions by commit, with the version in words, and leaves no credentials in checkouts', () => {
    const uses = text.split('\n').filter((line) => /\buses: (?!\.\/)/.test(line));
    expect(uses.length).toBe(steps.filter((step) => step.uses !== undefined).length);
    expect(uses.filter((line) => !/^ +(?:- )?uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
      [],
    );
    const checkouts = steps.filter(({ uses: action }) => action?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with)).toEqual(
      jobs.flatMap(([, job]) => (job.steps === undefined ? [] : [{ 'persist-credentials': false }])),
    );
  });

  test('puts values into scripts by their environment, never into their text', () => {
    // What the file itself has in its matrix is no value from elsewhere.
    const put = steps.flatMap(({ run = '' }) => expressionsIn(run));
    expect(put.filter((expression) => !['matrix.flags', 'matrix.display'].includes(expression))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('has scripts that a shell can read', () => {
    for (const { run = '' } of steps) {
      execFileSync('bash', ['-n'], { input: run.replaceAll(/\$\{\{.*?\}\}/g, 'value') });
    }
  });
});

describe('the release workflow', () => {
  test('runs for tags of versions alone, and packs nothing that was not tested as every change is', () => {
    expect(release.workflow.on).toEqual({ push: { tags: ['v*'] } });
    expect(release.jobs.map(([name, { needs, uses }]) => ({ name, needs, uses }))).toEqual([
      { name: 'version', needs: undefined, uses: undefined },
      { name: 'test', needs: 'version', uses: './.github/workflows/test.yml' },
      { name: 'package', needs: 'test', uses: undefined },
      { name: 'release', needs: 'package', uses: undefined },
    ]);
  });

  test('may write in one job only, which sees no secret of a signature', () => {
    expect(release.workflow.permissions).toEqual({ contents: 'read' });
    expect(release.jobs.map(([, { permissions }]) => permissions)).toEqual([
      undefined,
      undefined,
      undefined,
      { contents: 'write', 'id-token': 'write', attestations: 'write' },
    ]);
    const withSecrets = release.jobs
      .filter(([, job]) => JSON.stringify(job).includes('secrets.'))
      .map(([name]) => name);
    expect(withSecrets).toEqual(['package']);
  });

  test('packs for every system that there are targets for', () => {
    const config = parse(read('electron-builder.yml')) as Record<string, { target?: unknown[] } | undefined>;
    const systems = ['linux', 'mac', 'win'].filter((system) => config[system]?.target !== undefined);
    const flags = release.workflow.jobs['package']?.strategy?.matrix.include.map((row) => row['flags']);
    expect(flags).toEqual(systems.map((system) => `--${system}`));
    const packing = release.workflow.jobs['package']?.steps?.find(({ run }) => run?.includes('electron-builder'))?.run;
    expect(packing).toContain('--publish never');
    // Neither a deb nor an rpm can be made without one.
    expect(packing).toContain('-c.extraMetadata.homepage=');
  });

  test('sums, attests and drafts, in this order, all that it has gathered', () => {
    const { steps: last = [] } = release.workflow.jobs['release'] ?? {};
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

describe('the test workflow', () => {
  test('runs for every change and for releases, with no more rights than to read', () => {
    expect(tests.workflow.on).toEqual({ push: { branches: ['**'] }, pull_request: null, workflow_call: null });
    expect(tests.workflow.permissions).toEqual({ contents: 'read' });
    expect(tests.jobs.map(([name, { needs, permissions }]) => ({ name, needs, permissions }))).toEqual([
      { name: 'everything', needs: undefined, permissions: undefined },
      { name: 'electron', needs: undefined, permissions: undefined },
    ]);
  });

  test('has the real Electron on every system that is packed for, and no green without it', () => {
    const systems = (job: string, { workflow }: WorkflowFile) =>
      workflow.jobs[job]?.strategy?.matrix.include.map(({ os }) => os);
    expect(systems('electron', tests)).toEqual(systems('package', release));
    const { steps = [] } = tests.workflow.jobs['electron'] ?? {};
    const scripts = steps.map(({ run = '' }) => run);
    const running = steps.find(({ run }) => run?.endsWith('npm run test:electron'));
    expect(running?.env).toEqual({ ELECTRON_REQUIRED: '1' });
    expect(read('tests/desktop/electron.test.ts')).toContain("process.env['ELECTRON_REQUIRED'] === '1'");
    expect(scripts.indexOf('npx install-electron')).toBeGreaterThan(scripts.indexOf('npm ci'));
    const { bin } = JSON.parse(read('node_modules/electron/package.json')) as { bin: Record<string, string> };
    expect(bin).toHaveProperty('install-electron');
  });
});
