import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeObstacle } from '../../electron/host/node-obstacle.ts';
import { projectRoot } from '../../scripts/project.ts';

test.each(['22.13.0', '22.14.1', '24.0.0', '30.1.2'])('Node %s will do', (version) => {
  expect(nodeObstacle(version)).toBeUndefined();
});

test.each(['22.12.9', '21.99.0', '20.20.2', '8.0.0'])('Node %s is told that it is too old', (version) => {
  expect(nodeObstacle(version)).toBe(`Node 22.13 or newer is needed, and this is ${version}; see https://nodejs.org/`);
});

test('the package asks for the same', () => {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { engines: object };
  expect(engines).toEqual({ node: '>=22.13' });
});
