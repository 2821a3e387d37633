import { messageOf } from '../../shared/message-of.ts';
import { logLine } from './log-format.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Has Node's own warnings, and the error that ends a process because nobody caught it, be lines of JSON as well. */
export function tellOfNodeInJson(): void {
  const tell = (event: 'warning' | 'error', message: string): void =>
    void process.stderr.write(logLine('json', event, withoutSecrets(message)));
  // Node writes them by a listener of its own.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => tell('warning', `${name}: ${message}`));
  process.on('uncaughtException', (error: unknown) => {
    tell('error', error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error));
    process.exit(1);
  });
}
