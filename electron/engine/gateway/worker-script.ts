import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let text: Buffer | undefined;

/** The Python side of the gateway. It is given to Python on its standard input, so that it may lie in an archive. */
export function workerScript(): Buffer {
  text ??= readFileSync(findAsset('wsgi-worker.py'));
  return text;
}

/** A file of the package's assets folder, which is above this file both in the source and in the bundle. */
function findAsset(name: string): string {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    const path = join(directory, 'assets', name);
    if (existsSync(path)) return path;
    if (directory === dirname(directory)) throw new Error(`assets/${name} is missing from this installation.`);
  }
}
