// Loaded with `node --import` ahead of electron/cli.ts: makes sure that the user interface is built before the headless host
// starts, in the host's own process, so that signals, output and the exit code are the host's and nobody else's.
import { enableCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ensureUi } from './ensure-build.ts';

// From the second start on, Node need not read the sources' TypeScript again: that is half of the time until it listens.
enableCompileCache();

const needsNoUi = ['--no-ui', '--help', '-h', '--version', '-V'];

if (isMainThread && !process.argv.some((arg) => needsNoUi.includes(arg))) {
  try {
    ensureUi();
  } catch (error) {
    process.stderr.write(
      `hopscope: ${error instanceof Error ? error.message : String(error)}; --no-ui starts without it\n`,
    );
    process.exit(1);
  }
}
