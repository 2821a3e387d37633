import { fold } from '../../../shared/exchange-view.ts';
import type { ExchangeView } from '../../../shared/exchange-view.ts';
import { compileFilter, needsBody, YES } from '../../../shared/filter/compile-filter.ts';
import type { FilterNode } from '../../../shared/filter/filter-ast.ts';
import type { HeaderList } from '../../../shared/headers.ts';
import { textDecoderFor } from '../bodies/text-decoder.ts';
import { withoutCodings } from '../bodies/without-codings.ts';
import type { SessionItem } from '../trace/session-item.ts';
import { wholeExchanges } from './whole-exchanges.ts';

/** The exchanges of a session that pass a filter, in their order; all of them without one. */
export async function* matchingExchanges(
  items: AsyncIterable<SessionItem>,
  filter: FilterNode | undefined,
): AsyncGenerator<ExchangeView> {
  const test = filter === undefined ? undefined : compileFilter(filter);
  const withBodies = filter !== undefined && needsBody(filter);
  const text = async (headers: HeaderList, body: Uint8Array): Promise<string> =>
    withBodies ? textDecoderFor(headers).decode((await withoutCodings(headers, body)) ?? body) : '';
  for await (const { events, request, response, annotation } of wholeExchanges(items)) {
    const view = fold(events);
    if (view === undefined) continue;
    const detail = {
      requestHeaders: view.request.headers,
      responseHeaders: view.response?.headers ?? [],
      requestBody: await text(view.request.headers, request),
      responseBody: await text(view.response?.headers ?? [], response),
      cacheKey: view.decision?.key ?? '',
    };
    if (test === undefined || test(view, annotation, detail) === YES) yield view;
  }
}
