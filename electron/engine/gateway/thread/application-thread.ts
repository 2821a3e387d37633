import { AsyncLocalStorage } from 'node:async_hooks';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { JavaScriptApplication } from './application-interface.ts';
import { RequestHandler } from './request-handler.ts';
import { runApplication } from './run-application.ts';
import type { HandlerClass } from './run-handler.ts';
import { runHandler } from './run-handler.ts';
import { ClientGoneError, describe, ThreadExchange } from './thread-exchange.ts';
import type { FromThread, ThreadSpec, ToThread } from './thread-message.ts';

// The thread's entry: loads a file of the user's and answers requests with what it exports.

type Answer = (exchange: ThreadExchange) => Promise<void>;

const port = parentPort;
if (port === null) throw new Error('This file is the start of a worker thread.');
const spec = workerData as ThreadSpec & { readonly modules: Readonly<Record<string, string>> };
const exchanges: (ThreadExchange | undefined)[] = [];
const current = new AsyncLocalStorage<ThreadExchange>();
const files = new Set<string>();

function send(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    // The user's file lies anywhere: `hopscope/handlers` means the copy that runs it.
    const own = spec.modules[specifier];
    if (own !== undefined) return { url: own, shortCircuit: true };
    const found = nextResolve(specifier, context);
    if (found.url.startsWith('file:') && !found.url.includes('/node_modules/')) files.add(found.url);
    return found;
  },
});
process.on('unhandledRejection', (reason) => {
  // What is written without waiting for it fails when the client leaves, which is nobody's mistake.
  if (!(reason instanceof ClientGoneError)) throw reason;
});
routeOutput(process.stdout, 'stdout');
routeOutput(process.stderr, 'stderr');

let answer: Answer | undefined;
try {
  answer = chooseAnswer((await import(pathToFileURL(spec.file).href)) as Record<string, unknown>);
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'failed', report: describe(error) });
}
send({ type: 'files', files: [...files] });
port.on('message', receive);

function chooseAnswer(module: Record<string, unknown>): Answer {
  if (spec.kind === 'handler') {
    const found = chooseHandler(module);
    return (exchange) => runHandler(found, exchange);
  }
  const found = module['application'] ?? module['app'] ?? module['default'];
  if (typeof found !== 'function')
    throw new TypeError(`${spec.file} exports no function called application, app or default.`);
  return (exchange) => runApplication(found as JavaScriptApplication, exchange);
}

function chooseHandler(module: Record<string, unknown>): HandlerClass {
  const byDefault = module['default'];
  if (isHandlerClass(byDefault)) return byDefault;
  const classes = Object.values(module).filter(isHandlerClass);
  const [first] = classes;
  if (first === undefined) throw new TypeError(`${spec.file} exports no class that extends RequestHandler.`);
  // A module's names come in alphabetical order, so that "the first" would mean nothing.
  if (classes.length > 1) throw new TypeError(`${spec.file} exports several handler classes and none by default.`);
  return first;
}

function isHandlerClass(value: unknown): value is HandlerClass {
  return typeof value === 'function' && value.prototype instanceof RequestHandler;
}

function receive(message: ToThread): void {
  if (message.type === 'ping') return send({ type: 'pong' });
  if (message.type === 'end') return port?.close();
  const exchange = exchanges[message.lane];
  switch (message.type) {
    case 'request': {
      const begun = new ThreadExchange(message.lane, message.serial, message.request, send);
      exchanges[message.lane] = begun;
      if (answer !== undefined) void current.run(begun, answer, begun);
      return;
    }
    case 'body':
      return exchange?.body.push(message.bytes);
    case 'bodyEnd': {
      const broken = new Error('The client went away before its request body was complete.');
      return exchange?.body.end(message.complete ? undefined : broken);
    }
    case 'taken':
      return exchange?.taken(message.bytes);
    case 'abort':
      if (exchange?.serial === message.serial) exchange.abort();
      return;
    case 'reply':
      return exchange?.onReply(message.status, message.reason, message.headers);
    case 'replyChunk':
      return exchange?.onReplyChunk(message.bytes);
    case 'replyEnd':
      return exchange?.onReplyEnd(message.error);
  }
}

/** What is printed while a request is answered belongs to its trace. */
function routeOutput(stream: NodeJS.WriteStream, name: 'stdout' | 'stderr'): void {
  const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
  const routed = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const exchange = current.getStore();
    if (exchange === undefined) return write(chunk, ...rest);
    exchange.tell(name, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  stream.write = routed;
}
