import { describe, expect, test } from 'vitest';
import { queryParameters, requestCookies, responseCookies } from '../../renderer/views/message/cookies.ts';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { changeWords, fieldChanges } from '../../renderer/views/message/field-changes.ts';
import { fieldNote } from '../../renderer/views/message/field-notes.ts';

const t = createTranslate('en', en);

describe('what became of fields', () => {
  test('is told for each, in the order in which they were sent', () => {
    const changes = fieldChanges(
      ['Host', 'a', 'Connection', 'close', 'X', '1', 'x', '2'],
      ['host', 'b', 'X', '2', 'X', '1', 'Via', '1.1 h'],
    );
    expect(changes).toEqual([
      { name: 'Host', value: 'a', kind: 'changed', became: 'b' },
      { name: 'Connection', value: 'close', kind: 'removed' },
      { name: 'X', value: '1', kind: 'same' },
      { name: 'x', value: '2', kind: 'same' },
      { name: 'Via', value: '1.1 h', kind: 'added' },
    ]);
    expect(changeWords(t, changes)).toBe('1 not passed on, 1 changed, 1 added');
    expect(changeWords(t, fieldChanges(['A', 'b'], ['a', 'b']))).toBe('');
  });
});

describe('cookies and parameters', () => {
  test('are taken apart', () => {
    expect(requestCookies(['Cookie', 'a=1; b="x=y"', 'cookie', 'c'])).toEqual([
      ...[
        { name: 'a', value: '1' },
        { name: 'b', value: '"x=y"' },
        { name: 'c', value: '' },
      ],
    ]);
    expect(responseCookies(['Set-Cookie', 'sid=1; Path=/; HttpOnly'])).toEqual([
      { name: 'sid', value: '1', more: 'Path=/, HttpOnly' },
    ]);
    expect(queryParameters('/a?x=1%202&y&z=%ff')).toEqual([
      ...[
        { name: 'x', value: '1 2' },
        { name: 'y', value: '' },
        { name: 'z', value: '%ff' },
      ],
    ]);
    expect(queryParameters('/a')).toEqual([]);
  });
});

test('known fields are explained, and nothing that only looks like one', () => {
  expect(fieldNote(t, 'Cache-Control')?.[1]).toBe('RFC 9111 §5.2');
  expect(fieldNote(t, 'constructor')).toBeUndefined();
});
