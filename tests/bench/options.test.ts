import { expect, test } from 'vitest';
import { readOptions } from '../../bench/options.ts';

test('measures everything with 32 connections unless told otherwise', () => {
  const options = readOptions([]);
  expect(options.scenarios).toEqual(
    expect.arrayContaining(['pass', 'hit', 'stream', 'memory', 'websocket', 'https', 'h2', 'first']),
  );
  expect(options.connections).toBe(32);
  expect(options.exchanges).toBe(50_000);
  expect(options.subjects.map(({ name }) => name)).toContain('squid');
});

test('leaves the peers out of a short run, unless they are named', () => {
  expect(readOptions(['--short']).subjects.every(({ kind }) => kind !== 'peer')).toBe(true);
  expect(readOptions(['--short', '--subjects', 'nginx']).subjects.map(({ name }) => name)).toEqual(['nginx']);
});

test('picks scenarios and subjects by name', () => {
  const options = readOptions(['--scenario', 'hit,pass', '--subjects', 'hopscope, bare proxy']);
  expect(options.scenarios).toEqual(['hit', 'pass']);
  expect(options.subjects.map(({ name }) => name)).toEqual(['hopscope', 'bare proxy']);
});

test.each([
  [['--scenario', 'sprint'], /no sprint/],
  [['--subjects', 'apache'], /no apache/],
  [['--repeats', '0'], /--repeats/],
  [['--seconds', '1.5'], /--seconds/],
  [['--load', 'ab'], /--load/],
  [['--fast'], /--fast/],
])('refuses %j in one line', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
