import { describe, expect, onTestFinished, test } from 'vitest';
import { createInspector } from '../../renderer/store/inspector.ts';
import type { Inspector } from '../../renderer/store/inspector.ts';
import { answered, ScriptedEngine, settled, started } from './scripted-engine.ts';
import { inlinePort } from '../support/inline-port.ts';

function inspect(engine: ScriptedEngine): Inspector {
  const inspector = createInspector({
    api: engine,
    schedule: (callback) => setImmediate(callback),
    rows: inlinePort(),
  });
  onTestFinished(() => inspector.dispose());
  return inspector;
}

/** An engine in which exchanges 1 to `count` have ended. */
function engineWith(count: number): ScriptedEngine {
  const engine = new ScriptedEngine();
  for (let id = 1; id <= count; id++) engine.happen(started(id), ...answered(id));
  engine.lose();
  return engine;
}

test('the snapshot and the pages behind it bring every row', async () => {
  const engine = engineWith(1200);
  engine.happen(started(1201));
  const { index, trace } = inspect(engine);
  await settled();
  expect(index.size).toBe(1201);
  expect(trace.getState()).toMatchObject({ ready: true, shown: 1201, counts: { total: 1201, running: 1 } });
  expect(engine.callsOf('exchanges.page').map(({ before }) => before)).toEqual([1201, 701]);
});

test('batches that arrive before the snapshot are applied after it, without repeating what it includes', async () => {
  const engine = new ScriptedEngine();
  engine.held = true;
  const { index } = inspect(engine);
  engine.happen(started(1), ...answered(1));
  engine.send();
  engine.release();
  await settled();
  engine.happen(started(2));
  engine.send();
  await settled();
  expect(index.view).toEqual([1, 2]);
  expect(index.get(1)).toMatchObject({ status: 200, end: 2 });
});

test('what is still running at the snapshot goes on with the live events', async () => {
  const engine = new ScriptedEngine();
  engine.happen(started(1));
  engine.lose();
  const { index, trace } = inspect(engine);
  await settled();
  engine.happen(...answered(1));
  engine.send();
  await settled();
  expect(index.get(1)?.outcome).toEqual({ kind: 'completed' });
  expect(trace.getState().counts).toMatchObject({ total: 1, running: 0 });
});

test('every applied batch is acknowledged', async () => {
  const engine = new ScriptedEngine();
  inspect(engine);
  await settled();
  engine.happen(started(1));
  engine.send();
  await settled();
  expect(engine.callsOf('trace.ack')).toEqual([{ lastSeq: 1 }]);
});

test('however many events a frame brings, React is told once', async () => {
  const engine = new ScriptedEngine();
  const { trace } = inspect(engine);
  await settled();
  let told = 0;
  onTestFinished(trace.subscribe(() => told++));
  for (let id = 1; id <= 50; id++) {
    engine.happen(started(id));
    engine.send();
  }
  await settled();
  expect(told).toBe(1);
});

describe('a gap in the sequence', () => {
  test('leads to a new snapshot that completes what was missed', async () => {
    const engine = engineWith(3);
    const { index } = inspect(engine);
    await settled();
    engine.happen(started(4));
    engine.send();
    await settled();
    engine.happen(...answered(4), started(5), ...answered(5));
    engine.lose();
    engine.happen(started(6));
    engine.send();
    await settled();
    expect(engine.callsOf('engine.snapshot')).toHaveLength(2);
    expect(index.view).toEqual([1, 2, 3, 4, 5, 6]);
    expect(index.get(4)?.end).toBe(5);
    expect(index.get(5)?.end).toBe(6);
  });

  test('pages only what can have changed', async () => {
    const engine = engineWith(2000);
    inspect(engine);
    await settled();
    engine.calls.length = 0;
    engine.happen(started(2001), ...answered(2001));
    engine.lose();
    engine.happen(started(2002));
    engine.send();
    await settled();
    expect(engine.callsOf('exchanges.page')).toEqual([{ before: 2002, limit: 500 }]);
  });

  test('takes what is deleted before the new snapshot is there for deleted', async () => {
    const engine = engineWith(3);
    const { index } = inspect(engine);
    await settled();
    engine.held = true;
    engine.happen(started(4));
    engine.lose();
    engine.happen(started(5));
    engine.send();
    await settled();
    engine.delete([2]);
    engine.release();
    await settled();
    expect(index.view).toEqual([1, 3, 4, 5]);
  });

  test('shows also a clear that was missed', async () => {
    const engine = engineWith(3);
    const { index } = inspect(engine);
    await settled();
    engine.clear(true);
    engine.happen(started(4));
    engine.lose();
    engine.happen(started(5));
    engine.send();
    await settled();
    expect(index.view).toEqual([4, 5]);
  });
});

describe('a connection that was lost', () => {
  test('resumes without loss or repetition', async () => {
    const engine = engineWith(2);
    const { index, session } = inspect(engine);
    await settled();
    engine.connect('closed');
    expect(session.getState().connection).toBe('lost');
    engine.happen(started(3), ...answered(3));
    engine.lose();
    engine.connect('open');
    await settled();
    expect(session.getState().connection).toBe('open');
    expect(index.view).toEqual([1, 2, 3]);
  });

  test('forgets what was deleted meanwhile, wherever it lay, and keeps what went on', async () => {
    const engine = engineWith(600);
    engine.happen(started(601));
    const { index, ui, trace } = inspect(engine);
    await settled();
    ui.setState({ selectedId: 600, selection: new Set([3, 50, 600]) });
    engine.connect('closed');
    engine.delete([2, 50, 300, 600], true);
    engine.happen(...answered(601), started(602));
    engine.lose();
    engine.connect('open');
    await settled();
    engine.happen(...answered(602));
    engine.send();
    await settled();
    const gone = new Set([2, 50, 300, 600]);
    expect(index.view).toEqual(Array.from({ length: 602 }, (_, at) => at + 1).filter((id) => !gone.has(id)));
    expect(trace.getState().counts).toMatchObject({ total: 598, running: 0 });
    expect(ui.getState().selectedId).toBeNull();
  });

  test('to an engine that is another one forgets the old rows', async () => {
    const { index, engine } = await connectedThenReplaced();
    expect(index.view).toEqual([1]);
    expect(index.get(1)?.url).toBe('http://new.example/');
    expect(engine.callsOf('engine.snapshot')).toHaveLength(2);
  });

  async function connectedThenReplaced(): Promise<{ index: Inspector['index']; engine: ScriptedEngine }> {
    const engine = engineWith(3);
    const { index } = inspect(engine);
    await settled();
    engine.connect('closed');
    engine.clear(true);
    engine.epoch++;
    engine.happen(started(1, 1, 'http://new.example/'), ...answered(1));
    engine.lose();
    engine.connect('open');
    await settled();
    return { index, engine };
  }

  test('that never was says so after a few attempts', () => {
    const engine = new ScriptedEngine('connecting');
    const { session } = inspect(engine);
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(session.getState().connection).toBe('connecting');
      engine.connect('closed');
    }
    expect(session.getState().connection).toBe('unreachable');
  });
});

describe('clearing', () => {
  test('removes ended rows in the order of the stream', async () => {
    const engine = engineWith(2);
    const { index } = inspect(engine);
    await settled();
    engine.happen(started(3), started(4), ...answered(4));
    engine.send();
    engine.clear();
    engine.happen(started(5));
    engine.send();
    await settled();
    expect(index.view).toEqual([3, 5]);
  });

  test('takes deleted rows out of the middle, and puts them back when that is undone', async () => {
    const engine = engineWith(5);
    const { index, ui } = inspect(engine);
    await settled();
    ui.setState({ selectedId: 5, selection: new Set([2, 5]) });
    const undo = engine.delete([2, 3]);
    await settled();
    expect(index.view).toEqual([1, 4, 5]);
    expect([...ui.getState().selection]).toEqual([5]);
    undo();
    await settled();
    expect(index.view).toEqual([1, 2, 3, 4, 5]);
  });

  test('ends the selection of what is gone', async () => {
    const engine = engineWith(2);
    const { ui } = inspect(engine);
    await settled();
    ui.setState({ selectedId: 2 });
    await settled();
    engine.clear();
    await settled();
    expect(ui.getState().selectedId).toBeNull();
  });
});

test('the filter in the view store filters the list', async () => {
  const engine = engineWith(12);
  const { ui, index, trace } = inspect(engine);
  await settled();
  ui.setState({ filter: 'path:/1' });
  expect(index.view).toEqual([1, 10, 11, 12]);
  expect(trace.getState().shown).toBe(4);
});
