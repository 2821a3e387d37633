import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine, EngineConfig } from '../../electron/engine/engine.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { ExchangeView } from '../../shared/exchange-view.ts';
import { fold } from '../../shared/exchange-view.ts';
import type { SettingsPatch } from '../../shared/settings.ts';
import { defaultSettings, mergeSettings } from '../../shared/settings.ts';
import type { TraceEvent } from '../../shared/trace-event.ts';

/** A started engine on a free loopback port, with what tests ask of its trace. */
export interface TestEngine {
  readonly engine: Engine;
  readonly url: string;
  readonly port: number;
  /** The view of the first exchange, of those not yet returned, that has finished and satisfies `wanted`. */
  readonly finished: (wanted?: (view: ExchangeView) => boolean) => Promise<ExchangeView>;
  /** Resolves when an event that satisfies `wanted` has been or is emitted. */
  readonly event: (wanted: (event: TraceEvent) => boolean) => Promise<TraceEvent>;
}

/** Starts an engine in a temporary directory; it stops when the test ends. The cache is off unless `settings` says otherwise. */
export async function startEngine(
  options: Partial<Omit<EngineConfig, 'settings'>> & { upstream?: string; settings?: SettingsPatch } = {},
): Promise<TestEngine> {
  const { upstream, settings, ...config } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'hopscope-test-'));
  let all = mergeSettings(defaultSettings(), { cache: { mode: 'off', store: 'memory' }, activeUpstream: 'none' });
  if (upstream !== undefined) {
    all = mergeSettings(all, {
      upstreams: [{ id: 'origin', label: 'Origin', url: upstream }],
      activeUpstream: 'origin',
    });
  }
  const engine = await createEngine({
    ...{ host: '127.0.0.1', port: 0, portFallback: false, dataDir, version: 'test', stuckAfter: 100 },
    settings: mergeSettings(all, settings ?? {}),
    ...config,
  });
  const trace = collectTrace(engine);
  await engine.start();
  onTestFinished(async () => {
    await engine.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const url = engine.status.proxyUrl ?? '';
  return { engine, url, port: Number(new URL(url).port), ...trace };
}

function collectTrace(engine: Engine): Pick<TestEngine, 'finished' | 'event'> {
  const events: TraceEvent[] = [];
  const waiting = new Set<() => void>();
  const returned = new Set<number>();
  engine.recorder.subscribe((event) => {
    events.push(event);
    for (const look of [...waiting]) look();
  });
  const wait = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    event: (wanted) => wait(() => events.find(wanted)),
    finished: (wanted = () => true) =>
      wait(() => {
        for (const end of events) {
          if (end.type !== 'exchange.finished' || returned.has(end.id)) continue;
          const view = fold(events.filter((event) => event.id === end.id));
          if (view === undefined || !wanted(view)) continue;
          returned.add(end.id);
          return view;
        }
        return undefined;
      }),
  };
}
