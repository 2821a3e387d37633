import type { RequestHandler } from './request-handler.ts';
import type { ThreadExchange } from './thread-exchange.ts';
import { ClientGoneError } from './thread-exchange.ts';

export type HandlerClass = new (exchange: ThreadExchange) => RequestHandler;

/** Makes a handler for one request and takes it through its life, as socketserver does. Never rejects. */
export async function runHandler(Handler: HandlerClass, exchange: ThreadExchange): Promise<void> {
  const began = performance.now();
  const times = [NaN, NaN, NaN, NaN, NaN];
  const now = (): number => (performance.now() - began) / 1000;
  const failed = (error: unknown): void => {
    if (!(error instanceof ClientGoneError)) exchange.fail(error, false);
  };
  try {
    const handler = new Handler(exchange);
    await handler.setup();
    try {
      times[0] = now();
      await handler.handle();
      times[2] = now();
    } catch (error) {
      // Told before finish, which may begin a response where there is none.
      failed(error);
    }
    times[3] = now();
    await handler.finish();
    times[4] = now();
    if (!exchange.headSent && !exchange.gone) throw new Error('The handler gave no response.');
  } catch (error) {
    failed(error);
  }
  await exchange.body.return();
  exchange.done(Float64Array.from(times));
}
