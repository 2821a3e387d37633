import { expect, onTestFinished, test, vi } from 'vitest';
import { createInspector } from '../../renderer/store/inspector.ts';
import type { Inspector } from '../../renderer/store/inspector.ts';
import { answered, ScriptedEngine, settled, started } from './scripted-engine.ts';
import type { Unnumbered } from './scripted-engine.ts';
import { inlinePort } from '../support/inline-port.ts';

function span(id: number, name: string, start: number, at: number): Unnumbered {
  return { type: 'span', id, at, start, name, lane: 'upstream' };
}

async function inspect(engine: ScriptedEngine): Promise<Inspector> {
  const inspector = createInspector({
    api: engine,
    schedule: (callback) => setImmediate(callback),
    rows: inlinePort(),
  });
  onTestFinished(() => inspector.dispose());
  await settled();
  return inspector;
}

test('a selected exchange is read, folded, and kept up to date with whole events', async () => {
  const engine = new ScriptedEngine();
  engine.happen(started(1), span(1, 'dns', 1, 2));
  engine.lose();
  const { ui, detail } = await inspect(engine);
  ui.setState({ selectedId: 1 });
  expect(detail.getState().kind).toBe('loading');
  await settled();
  engine.happen(span(1, 'connect', 2, 3), ...answered(1));
  engine.send();
  await settled();
  const state = detail.getState();
  expect(state.kind === 'ready' && state.view.spans.map((one) => one.name)).toEqual(['dns', 'connect']);
  expect(state.kind === 'ready' && state.view.outcome).toEqual({ kind: 'completed' });
});

test('events that arrive while it is read are neither lost nor applied twice', async () => {
  const engine = new ScriptedEngine();
  engine.happen(started(1));
  engine.lose();
  const { ui, detail } = await inspect(engine);
  engine.held = true;
  ui.setState({ selectedId: 1 });
  engine.happen(span(1, 'dns', 1, 2));
  engine.send();
  await settled();
  engine.release();
  await settled();
  const state = detail.getState();
  expect(state.kind === 'ready' && state.view.spans).toHaveLength(1);
});

test('travelling through the list reads the last exchange, not every one on the way', async () => {
  const engine = new ScriptedEngine();
  for (let id = 1; id <= 9; id++) engine.happen(started(id), ...answered(id));
  engine.lose();
  const { ui, detail } = await inspect(engine);
  // However long this machine stands still on the way, the traveller does not.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  for (let id = 1; id <= 9; id++) ui.setState({ selectedId: id });
  vi.runAllTimers();
  await settled();
  expect(engine.callsOf('exchange.read').map(({ id }) => id)).toEqual([1, 9]);
  expect(detail.getState()).toMatchObject({ kind: 'ready', id: 9 });
});

test('an exchange that is no longer there is told as gone', async () => {
  const engine = new ScriptedEngine();
  const { ui, detail } = await inspect(engine);
  ui.setState({ selectedId: 42 });
  await settled();
  expect(detail.getState()).toEqual({ kind: 'gone', id: 42 });
});

test('selecting nothing stops watching', async () => {
  const engine = new ScriptedEngine();
  engine.happen(started(1));
  engine.lose();
  const { ui, detail } = await inspect(engine);
  ui.setState({ selectedId: 1 });
  await settled();
  ui.setState({ selectedId: null });
  await settled();
  expect(detail.getState()).toEqual({ kind: 'none' });
  expect(engine.callsOf('exchange.watch').at(-1)).toEqual({ id: null });
});

test('a new connection watches and reads the selected exchange again', async () => {
  const engine = new ScriptedEngine();
  engine.happen(started(1));
  engine.lose();
  const { ui, detail } = await inspect(engine);
  ui.setState({ selectedId: 1 });
  await settled();
  engine.connect('closed');
  engine.happen(...answered(1));
  engine.lose();
  engine.connect('open');
  await settled();
  const state = detail.getState();
  expect(state.kind === 'ready' && state.view.status).toBe(200);
});
