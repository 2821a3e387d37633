import type { RuleAction } from '../../../shared/rules.ts';
import type { Exchange } from '../chain/exchange.ts';
import type { Answer, Chain } from '../chain/handler.ts';
import type { Reply } from '../chain/reply.ts';
import { ExchangeError } from '../errors.ts';
import { errorReply } from '../proxy/error-reply.ts';
import type { PlacedRule } from './compiled-rules.ts';
import { fileReply } from './file-reply.ts';
import { changeHeaders, changesAny } from './header-changes.ts';
import type { HoldingServices } from './held-stages.ts';
import { holdRequest, holdResponse } from './held-stages.ts';
import { ownReply } from './own-reply.ts';
import { redirectUrl } from './redirect-url.ts';
import { moveTo } from './reroute.ts';

/** What applying rules needs. */
export interface RuleServices extends HoldingServices {
  /** What a request that was replaced goes through behind the rules. */
  rest(x: Exchange): Chain;
}

/**
 * Applies rules to an exchange: in order to its request, until one of them answers it, and in the same order to its
 * response, those that its request has been through.
 */
export async function applyRules(
  x: Exchange,
  rules: readonly PlacedRule[],
  services: RuleServices,
  next: (rest?: Chain) => Answer,
): Promise<Reply> {
  const run = new RuleRun(x, services);
  let passed = 0;
  let reply: Reply | undefined;
  while (reply === undefined && passed < rules.length) reply = await run.onRequest(rules[passed++] as PlacedRule);
  reply ??= await next(x.request === x.received ? undefined : services.rest(x));
  for (const rule of rules.slice(0, passed)) reply = await run.onResponse(rule, reply);
  return reply;
}

class RuleRun {
  readonly #x: Exchange;
  readonly #services: RuleServices;
  readonly #told = new Set<PlacedRule>();

  constructor(x: Exchange, services: RuleServices) {
    this.#x = x;
    this.#services = services;
  }

  /** What the rule answers the request with; undefined when it lets it go on. */
  async onRequest(placed: PlacedRule): Promise<Reply | undefined> {
    const { name, action } = placed.rule;
    switch (action.type) {
      case 'headers':
        if (changesAny(action.request)) this.#changeRequest(placed, action);
        return undefined;
      case 'delay':
        this.#tell(placed);
        return this.#delay(name, action.ms);
      case 'redirect':
        this.#tell(placed);
        moveTo(this.#x, redirectUrl(action.to, this.#x.request.url.path), this.#services.reroute);
        return undefined;
      case 'pause':
        if (action.at === 'response' || !this.#mayHold(placed)) return undefined;
        return holdRequest(this.#x, name, this.#services);
      case 'answer':
        this.#tell(placed);
        return ownReply(this.#x.received, { ...action, text: action.body });
      case 'file':
        this.#tell(placed);
        return fileReply(this.#x.request, { name, path: action.path });
      case 'block':
        this.#tell(placed);
        return this.#block(name, action.how);
    }
  }

  /** The response as the rule leaves it. A switch of protocols stays as it is: what follows is no message. */
  async onResponse(placed: PlacedRule, reply: Reply): Promise<Reply> {
    const { name, action } = placed.rule;
    if (reply.tunnel !== undefined) return reply;
    if (action.type === 'headers' && changesAny(action.response)) {
      this.#tell(placed);
      // What delivery keeps of the head is that of the reply as it was.
      const { memo: _memo, ...rest } = reply;
      return { ...rest, headers: changeHeaders(reply.headers, action.response) };
    }
    if (action.type !== 'pause' || action.at === 'request' || !this.#mayHold(placed)) return reply;
    return holdResponse(this.#x, name, this.#services, reply);
  }

  /** Reports the rule, once. */
  #tell(placed: PlacedRule): void {
    if (this.#told.has(placed)) return;
    this.#told.add(placed);
    this.#x.trace.ruleApplied(placed.rule.name, placed.rule.action.type, placed.index);
  }

  #changeRequest(placed: PlacedRule, { request: changes }: Extract<RuleAction, { type: 'headers' }>): void {
    this.#tell(placed);
    const { request, body, route } = this.#x;
    this.#x.replaceRequest({ request: { ...request, headers: changeHeaders(request.headers, changes) }, body, route });
  }

  async #delay(name: string, ms: number): Promise<undefined> {
    const { trace } = this.#x;
    const start = trace.now();
    await waitFor(this.#x, ms);
    trace.span('handler', 'delayed', start, { handler: 'rules', detail: name });
    if (this.#x.aborted !== undefined) throw new ExchangeError('CLIENT_GONE', 'rules', this.#x.aborted.message);
  }

  #mayHold(placed: PlacedRule): boolean {
    const { trace } = this.#x;
    const { name } = placed.rule;
    // Nobody would see it.
    if (!trace.recorded) return false;
    const { refusal } = this.#services.held;
    if (refusal === undefined) this.#tell(placed);
    else trace.note('info', 'NOT_PAUSED', `The rule “${name}” did not pause it: ${refusal}`);
    return refusal === undefined;
  }

  #block(name: string, how: 'refuse' | 'close'): Reply {
    const error = new ExchangeError('BLOCKED', 'rules', `The rule is “${name}”.`);
    if (how === 'refuse') return errorReply(error, this.#x.received);
    this.#x.drop(`The rule “${name}” closes the connection.`);
    throw error;
  }
}

/** Waits, but not longer than somebody waits for the answer. */
function waitFor(x: Exchange, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
    const forget = x.onAbort(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
