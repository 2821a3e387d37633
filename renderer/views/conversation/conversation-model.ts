import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { withApplication } from './application-says.ts';
import { withCache } from './cache-says.ts';
import { LANE_IDS } from './conversation.ts';
import type { Conversation, ConversationMessage, Said } from './conversation.ts';
import { castOf, laneOf } from './conversation-cast.ts';
import { withOrigin } from './origin-says.ts';
import { NO_RELATED } from './related-exchanges.ts';
import type { RelatedExchanges } from './related-exchanges.ts';
import { shortTarget } from './request-words.ts';
import { badEnd, notes, withClient, withHandlers } from './server-says.ts';
import type { Translate } from '../../i18n/translate.ts';

/** An exchange as a conversation: who took part, and who said what to whom, by time. */
export function conversation(t: Translate, view: ExchangeView, related: RelatedExchanges = NO_RELATED): Conversation {
  const cast = castOf(view);
  const [request, ...delivery] = withClient(t, view);
  const [handOver, ...handedBack] = withHandlers(t, view, cast);
  const bad = badEnd(t, view, cast);
  // What happened at the same time stays in this order: inwards, then outwards.
  const said: Said[] = [
    ...(request === undefined ? [] : [request]),
    ...(handOver === undefined ? [] : [handOver]),
    ...withCache(t, view, cast, related),
    ...withOrigin(t, view, cast),
    ...withApplication(t, view, cast),
    ...handedBack,
    ...notes(t, view, cast),
    ...bad.filter(({ from, to }) => from === to),
    ...delivery,
    ...bad.filter(({ from, to }) => from !== to),
  ];
  const messages = said.sort((a, b) => a.at - b.at).map((one, index) => message(one, index, view.start));
  const present = new Set(messages.flatMap(({ from, to }) => [from, to]));
  return {
    title: `${view.method} ${shortTarget(view)}`,
    lanes: LANE_IDS.filter((id) => present.has(id)).map((id) => laneOf(t, id, view, cast)),
    messages,
  };
}

function message(said: Said, index: number, start: number): ConversationMessage {
  const { from, to, at, text, tone = 'plain', answer = false, facts = [], exchange } = said;
  const plain = { key: `${index}`, from, to, at: Math.max(0, at - start), text, tone, answer, facts };
  return exchange === undefined ? plain : { ...plain, exchange };
}
