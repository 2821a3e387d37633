import type { ExchangeField } from '../../../shared/search-contract.ts';
import type { Inspector } from '../../store/inspector.ts';
import { notify } from '../../store/session-store.ts';
import { cellText } from './cell-text.ts';
import type { Column } from './column.ts';
import { columnName } from './column-words.ts';
import { columnOf, USUAL_COLUMNS } from './columns.ts';
import { copyText } from './row-actions.ts';

/** Exchanges whose fields one request asks for. */
const AT_ONCE = 200;

/** Copies the rows of `ids` as a table with the list's columns: a line for each, values between tabs, their names above. */
export async function copyRows(inspector: Inspector, ids: readonly number[]): Promise<void> {
  const { index, ui, session, language, annotations } = inspector;
  const { t } = language.getState();
  const epoch = session.getState().status?.epoch ?? 0;
  const shown = ui.getState().shownColumns ?? USUAL_COLUMNS;
  const columns = [...new Set(shown.includes('path') ? shown : ['path', ...shown])]
    .flatMap((id) => columnOf(id) ?? [])
    .filter(({ id }) => id !== 'waterfall');
  const rows = ids.toSorted((a, b) => a - b).flatMap((id) => index.get(id) ?? []);
  const fields = await fieldsOf(
    inspector,
    columns,
    rows.map(({ id }) => id),
  );
  if (typeof fields === 'string') return notify(session, 'error', fields);
  const lines = rows.map((row) => {
    const values = [...(fields.get(row.id) ?? [])];
    return columns.map(({ id, field }) =>
      field === undefined ? cellText(t, id, row, annotations.get(row.id), epoch) : (values.shift() ?? ''),
    );
  });
  const table = [columns.map((column) => columnName(t, column)), ...lines];
  await copyText(inspector, table.map((cells) => cells.map(inOneCell).join('\t')).join('\n'));
}

/** The values of the columns' fields, by exchange; or why they cannot be had. */
async function fieldsOf(
  { api }: Inspector,
  columns: readonly Column[],
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly (string | null)[]> | string> {
  const fields: ExchangeField[] = columns.flatMap(({ field }) => field ?? []);
  const values = new Map<number, readonly (string | null)[]>();
  if (fields.length === 0) return values;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const asked = ids.slice(from, from + AT_ONCE);
    const answer = await api.request('exchanges.fields', { ids: asked, fields });
    if (!answer.ok) return answer.error.message;
    answer.value.values.forEach((found, place) => values.set(asked[place] ?? 0, found));
  }
  return values;
}

/** A tab or a line break would begin another cell. */
function inOneCell(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ');
}
