import { compileFilter, NO, YES } from '../../shared/filter/compile-filter.ts';
import type { Truth } from '../../shared/filter/compile-filter.ts';
import type { Annotation } from '../../shared/annotation.ts';
import type { FilterDetail, FilteredExchange } from '../../shared/filter/filtered-exchange.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';

/** An answered request for filters to look at. */
export function exchange(changes: Partial<FilteredExchange> = {}): FilteredExchange {
  return {
    ...{ id: 7, kind: 'http', start: 1000, end: 1750, method: 'POST', client: '127.0.0.1:5000', version: 'HTTP/1.1' },
    ...{ url: 'http://api.Example.com:8080/users?page=2 a', connection: 3, status: 404, from: 'upstream' },
    ...{ verdict: 'MISS', fwd: 'vary-miss', ttl: 30, contentType: 'application/json', upstream: 'example.com:80' },
    remote: '192.0.2.7:80',
    ...{ responseAt: 1200, requestBytes: 12, responseBytes: 2_500_000, warnings: 0, outcome: { kind: 'completed' } },
    ...changes,
  };
}

export const detail: FilterDetail = {
  requestHeaders: ['Accept', 'text/html', 'X-Trace', 'abc'],
  responseHeaders: ['Content-Type', 'application/json', 'Set-Cookie', 'a=1', 'Set-Cookie', 'session=2'],
  requestBody: '{"name":"Ada"}',
  responseBody: '<p>not found</p>',
  cacheKey: 'http://api.example.com:8080/users?page=2',
};

/** What `text` says of an exchange. @throws when the filter cannot be understood */
export function truthOf(text: string, row = exchange(), note?: Annotation, details?: FilterDetail): Truth {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.node === undefined ? YES : compileFilter(parsed.node)(row, note, details);
}

/** Whether `text` lets an exchange pass whose details are known. */
export function passes(text: string, row = exchange(), note?: Annotation): boolean {
  return truthOf(text, row, note, detail) !== NO;
}
