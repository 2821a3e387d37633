import type { Translate } from '../../i18n/translate.ts';
import type { Column, FixedColumnId } from './column.ts';

/** What stands at the head of a column. A field's name is the same in every language. */
export function columnTitle(t: Translate, { id, field }: Column): string {
  if (field !== undefined && field.of !== 'cache-key') return field.name;
  return t(`columns.${id as FixedColumnId}`);
}

/** What a column is called in menus and on hover, where its title alone would say too little. */
export function columnName(t: Translate, column: Column): string {
  const { id, field } = column;
  if (field?.of === 'request') return t('columns.requestHeader', { name: field.name });
  if (field?.of === 'response') return t('columns.responseHeader', { name: field.name });
  return id in NAMES ? t(NAMES[id as keyof typeof NAMES]) : columnTitle(t, column);
}

const NAMES = {
  id: 'columns.idName',
  latency: 'columns.latencyName',
  ttl: 'columns.ttlName',
  age: 'columns.ageName',
  saved: 'columns.savedName',
  client: 'columns.clientName',
  remote: 'columns.remoteName',
  requestSize: 'columns.requestSizeName',
  key: 'columns.keyName',
} as const;
