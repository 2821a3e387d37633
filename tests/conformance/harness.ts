import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { CacheMode } from '../../shared/decision.ts';
import { joinedHeader } from '../../shared/headers.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';
import { wrongMarks } from '../support/deciders.ts';
import type { Expected, Scenario, Step } from './scenario.ts';
import type { Script, ScriptedOrigin } from './scripted-origin.ts';
import { startScriptedOrigin, wait, withDates } from './scripted-origin.ts';

/** An engine that listens, and the origin behind it. */
interface Setup {
  readonly engine: Engine;
  readonly port: number;
  readonly origin: ScriptedOrigin;
  readonly dataDir: string;
  /** Decisions in which not exactly one step is marked as having settled them. */
  readonly wrongMarks: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  readonly interim: readonly number[];
  /** What broke the answer off. */
  readonly broken: Error | undefined;
}

/** How a client addresses the proxy. */
type Form = 'reverse' | 'forward';

/** How many scenarios are at work at once, for the sake of a busy machine. Those that wait for time to pass do not count. */
const AT_ONCE = 12;

/**
 * Runs scenarios through a listening engine, each in reverse mode (origin-form) and in forward mode (absolute-form). They run
 * beside each other, on URLs of their own; each is reported as a test.
 *
 * @param options.alsoPrivate the same has to hold in a private cache, where reverse mode will do
 */
export function conformance(
  title: string,
  scenarios: readonly Scenario[],
  options: { readonly mode?: CacheMode; readonly alsoPrivate?: true } = {},
): void {
  const { mode = 'shared', alsoPrivate } = options;
  runAll(title, scenarios, mode, ['reverse', 'forward']);
  if (alsoPrivate === true) runAll(title, scenarios, 'private', ['reverse']);
}

function runAll(title: string, scenarios: readonly Scenario[], mode: CacheMode, forms: readonly Form[]): void {
  // Beside each other, so that they wait for time to pass together.
  describe.concurrent(`${title}, ${mode} cache`, () => {
    const runs = scenarios.flatMap((scenario, index) =>
      forms.map((form) => ({ scenario, form, id: `${form}-${index}` })),
    );
    const results = new Map<string, Promise<readonly string[]>>();
    let setup: Setup;
    beforeAll(async () => {
      setup = await start(mode);
      for (const { id, scenario, form } of runs) results.set(id, runScenario(setup, scenario, form, id));
      await Promise.all(results.values());
    });
    afterAll(async () => {
      await setup.engine.stop();
      await setup.origin.stop();
      await rm(setup.dataDir, { recursive: true, force: true });
    });
    for (const { scenario, form, id } of runs) {
      test(`${scenario.name} (${form})`, async () => {
        expect(await results.get(id)).toEqual([]);
      });
    }
    test('every decision has one step that settled it', () => {
      expect(setup.wrongMarks).toEqual([]);
    });
  });
}

async function start(mode: CacheMode): Promise<Setup> {
  const origin = await startScriptedOrigin();
  const dataDir = await mkdtemp(join(tmpdir(), 'hopscope-conformance-'));
  const settings = mergeSettings(defaultSettings(), {
    cache: { mode },
    upstreams: [{ id: 'origin', label: 'Origin', url: `http://127.0.0.1:${origin.port}` }],
    activeUpstream: 'origin',
  });
  const engine = await createEngine({
    ...{ host: '127.0.0.1', port: 0, portFallback: false, dataDir, version: 'test', settings },
  });
  await engine.start();
  const marks: string[] = [];
  engine.recorder.subscribe((event) => {
    const wrong = event.type === 'cache.decided' ? wrongMarks(event.decision) : undefined;
    if (wrong !== undefined) marks.push(wrong);
  });
  return { engine, origin, dataDir, wrongMarks: marks, port: Number(new URL(engine.status.proxyUrl ?? '').port) };
}

/** So many places, for which the first to come are the first to be served. */
class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push(() => resolve(undefined));
    await promise;
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

const places = new Places(AT_ONCE);

/** Runs one scenario; resolves with what was not as expected. */
async function runScenario(setup: Setup, scenario: Scenario, form: Form, id: string): Promise<readonly string[]> {
  const { steps } = scenario;
  await places.take();
  const script: Script = {
    start: Math.floor(Date.now() / 1000) * 1000,
    seen: [],
    answer: (step) => steps[step]?.response,
  };
  setup.origin.scripts.set(id, script);
  const problems: string[] = [];
  let running: Promise<void>[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.together !== true) {
      await Promise.all(running);
      running = [];
    }
    if (step.after !== undefined) {
      places.give();
      await wait(step.after);
      await places.take();
    }
    const base = form === 'reverse' ? '' : `http://127.0.0.1:${setup.origin.port}`;
    const sent = send(setup, `${base}/${id}${step.path ?? ''}`, step, index, script);
    running.push(
      sent.then((answer) => {
        for (const problem of check(step, index, answer, script, steps)) problems.push(`step ${index}: ${problem}`);
      }),
    );
  }
  await Promise.all(running);
  places.give();
  return problems;
}

function send(setup: Setup, path: string, step: Step, index: number, script: Script): Promise<Answer> {
  const { method = 'GET', headers = [], content, leave = false } = step;
  const fields: string[] = ['Host', `127.0.0.1:${setup.origin.port}`, 'Step', String(index)];
  for (const [name, value] of headers) fields.push(name, withDates(value, script.start));
  if (content !== undefined) fields.push('Content-Length', String(content.length));
  return new Promise((resolve) => {
    const interim: number[] = [];
    const options = { host: '127.0.0.1', port: setup.port, path, method, agent: false, headers: fields };
    const chunks: Buffer[] = [];
    let head: Pick<Answer, 'status' | 'headers'> = { status: 0, headers: [] };
    const settle = (broken: Error | undefined): void => {
      resolve({ ...head, body: Buffer.concat(chunks).toString('latin1'), interim, broken });
    };
    const request = httpRequest(options, (response) => {
      head = { status: response.statusCode ?? 0, headers: response.rawHeaders };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', settle);
      response.on('end', () => settle(undefined));
      if (leave) {
        response.destroy();
        settle(undefined);
      }
    });
    request.on('information', ({ statusCode }) => interim.push(statusCode));
    request.on('continue', () => interim.push(100));
    request.on('error', settle);
    request.end(content);
  });
}

function check(step: Step, index: number, answer: Answer, script: Script, steps: readonly Step[]): string[] {
  const problems: string[] = [];
  const arrived = script.seen.filter((request) => request.step === index);
  const told = `(status ${answer.status}, ${joinedHeader(answer.headers, 'cache-status') ?? 'no Cache-Status'})`;
  if ((answer.broken !== undefined) !== (step.breaks === true) && step.leave !== true) {
    problems.push(answer.broken === undefined ? 'the answer did not break off' : `it broke: ${answer.broken.message}`);
  }
  if (step.reaches === true && arrived.length !== 1)
    problems.push(`reached the origin ${arrived.length} times ${told}`);
  if (step.reaches === false && arrived.length > 0) problems.push(`reached the origin ${told}`);
  if (step.total !== undefined && script.seen.length > step.total)
    problems.push(`the origin got ${script.seen.length} requests, ${step.total} were to be expected`);
  if (step.status !== undefined && answer.status !== step.status) problems.push(`status ${step.status} wanted ${told}`);
  if (step.body !== undefined) {
    const { body } = step;
    const wanted = typeof body === 'number' ? (steps[body]?.response?.body ?? `body ${body}`) : body;
    const same = wanted instanceof RegExp ? wanted.test(answer.body) : wanted === answer.body;
    if (!same) problems.push(`body ${String(wanted)} wanted, got ${JSON.stringify(answer.body)} ${told}`);
  }
  if (step.interim !== undefined && String(step.interim) !== String(answer.interim))
    problems.push(`interim responses ${String(step.interim)} wanted, got ${String(answer.interim)}`);
  problems.push(...checkFields('answer', answer.headers, step.expect, script));
  const [request] = arrived;
  if (step.request !== undefined && request === undefined) problems.push(`the origin got no request ${told}`);
  else if (request !== undefined) problems.push(...checkFields('request', request.headers, step.request, script));
  return problems;
}

function checkFields(where: string, headers: readonly string[], wanted: Expected = {}, script: Script): string[] {
  const problems: string[] = [];
  for (const [name, expected] of Object.entries(wanted)) {
    const value = joinedHeader(headers, name.toLowerCase());
    const right =
      typeof expected === 'string'
        ? value === withDates(expected, script.start)
        : expected === null
          ? value === undefined
          : expected instanceof RegExp
            ? value !== undefined && expected.test(value)
            : expected(value);
    if (!right) problems.push(`${where}: ${name}: ${value ?? '(absent)'}, wanted ${String(expected)}`);
  }
  return problems;
}
