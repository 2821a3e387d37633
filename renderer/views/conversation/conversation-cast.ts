import type { ExchangeView } from '../../../shared/exchange-view.ts';
import type { SpanEnded } from '../../../shared/trace-event.ts';
import { splitUrl } from '../../../shared/url-parts.ts';
import type { ConversationLane, LaneId } from './conversation.ts';
import type { Translate } from '../../i18n/translate.ts';

/** Handlers that are Hopscope's own; every other one is the user's. */
const OWN_HANDLERS: ReadonlySet<string> = new Set([
  ...['parser', 'guard', 'destination', 'local-site', 'stored-tunnel', 'cache', 'upstream', 'gateway'],
  '',
]);

/** Who passes a request on to whom, in one exchange. */
export interface Cast {
  /** From the server inwards, as far as the request came. */
  readonly path: readonly LaneId[];
  /** Names of the user's handlers, outermost first. */
  readonly handlers: readonly string[];
  /** Who speaks with the origin or the application: the last of Hopscope's own on the path. */
  readonly asker: LaneId;
}

/** Those who took part in an exchange, as far as its events tell. */
export function castOf(view: ExchangeView): Cast {
  const handlers = handlersOf(view);
  const path: LaneId[] = ['server'];
  if (handlers.length > 0) path.push('handlers');
  if (view.decision !== undefined && view.decision.mode !== 'off') path.push('cache');
  return { path, handlers, asker: path.at(-1) ?? 'server' };
}

function handlersOf({ spans, open }: ExchangeView): string[] {
  const phases = spans
    .filter(({ lane, name }) => lane === 'handler' && (name === 'handle' || name === 'setup'))
    .sort((a, b) => a.start - b.start)
    .map(({ handler = '' }) => handler);
  const running = open.map((phase) => phase.slice(0, Math.max(0, phase.lastIndexOf('.'))));
  return [...new Set([...phases, ...running])].filter((name) => !OWN_HANDLERS.has(name));
}

/** When a handler's `handle` began and ended, if it did. */
export function handleSpan(view: ExchangeView, handler: string): SpanEnded | undefined {
  return view.spans.find((span) => span.lane === 'handler' && span.name === 'handle' && span.handler === handler);
}

/** A participant with its name. */
export function laneOf(t: Translate, id: LaneId, view: ExchangeView, { handlers }: Cast): ConversationLane {
  const names: Readonly<Record<LaneId, readonly [name: string, who: string]>> = {
    client:
      view.parent === undefined
        ? [t('conversation.client'), view.client]
        : [t(view.replay === true ? 'conversation.replay' : 'conversation.background'), t('conversation.noClient')],
    server: [t('conversation.server'), 'Hopscope'],
    handlers: [t('conversation.handlers'), handlers.join(', ')],
    cache: [t('conversation.cache'), view.decision === undefined ? '' : t(`conversation.mode-${view.decision.mode}`)],
    gateway: [t('conversation.gateway'), ''],
    application: [
      t('conversation.application'),
      view.gateway?.find((event) => event.type === 'gateway.called')?.application ?? '',
    ],
    proxy: [t('conversation.proxy'), view.upstream ?? ''],
    // Where there is a proxy, that is whom the request was sent to.
    origin: [
      t('conversation.origin'),
      usesProxy(view) ? splitUrl(view.url).host : (view.upstream ?? splitUrl(view.url).host),
    ],
  };
  const [name, who] = names[id];
  return { id, name, who };
}

/** Whether a span is about an upstream proxy, rather than about the origin itself. */
export function isWithProxy({ name, detail = '' }: SpanEnded): boolean {
  switch (name) {
    case 'proxy':
      return true;
    case 'connection':
      return / (?:to|through) proxy /.test(detail);
    default:
      return /^proxy(?: |: )/.test(detail);
  }
}

function usesProxy({ spans }: ExchangeView): boolean {
  return spans.some((span) => span.lane === 'upstream' && isWithProxy(span));
}
