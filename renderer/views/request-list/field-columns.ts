import type { Column, FieldColumnId } from './column.ts';

/** A field's name as RFC 9110, 5.1 has it: a token. */
const ID = /^(request|response)\[([!#$%&'*+.^_`|~0-9a-z-]{1,100})\]$/;

/** The id of the column for a field, or undefined when `name` cannot be one. */
export function fieldColumnId(of: 'request' | 'response', name: string): FieldColumnId | undefined {
  const id: FieldColumnId = `${of}[${name.trim().toLowerCase()}]`;
  return ID.test(id) ? id : undefined;
}

/** The column that `id` stands for, or undefined when it is no field's. */
export function fieldColumn(id: string): Column | undefined {
  const [, of, name] = ID.exec(id) ?? [];
  if ((of !== 'request' && of !== 'response') || name === undefined) return undefined;
  return {
    id: `${of}[${name}]`,
    width: 150,
    minWidth: 60,
    field: { of, name },
    optional: true,
  };
}
