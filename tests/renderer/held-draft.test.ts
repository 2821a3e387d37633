import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import {
  answerInstead,
  continuedRequest,
  continuedResponse,
  requestDraft,
  responseDraft,
} from '../../renderer/views/held/held-draft.ts';
import type { HeldRequest, HeldResponse } from '../../renderer/views/held/held-draft.ts';

const t = createTranslate('en', en);

const request: HeldRequest = {
  ...{ stage: 'request', method: 'POST', url: 'http://shop.test/basket' },
  headers: ['Host', 'shop.test', 'Content-Length', '7', 'Cookie', 'a=b'],
  body: { kind: 'text', text: 'one\r\ntwo' },
};
const response: HeldResponse = {
  ...{ stage: 'response', status: 200, reason: 'OK' },
  headers: ['Content-Type', 'image/png', 'Transfer-Encoding', 'chunked'],
  body: { kind: 'kept', bytes: 11 },
};

describe('a paused request', () => {
  test('goes on as it came when nothing of it was changed', () => {
    expect(continuedRequest(t, request, requestDraft(request))).toEqual({ value: { type: 'continue' } });
  });

  test('keeps its body when only its head was changed', () => {
    const draft = { ...requestDraft(request), method: 'PUT' };
    expect(continuedRequest(t, request, draft)).toEqual({
      value: {
        type: 'continue',
        request: {
          ...{ method: 'PUT', url: 'http://shop.test/basket', body: 'recorded' },
          headers: ['Host', 'shop.test', 'Cookie', 'a=b'],
        },
      },
    });
  });

  test('gets a text with the line breaks that it came with', () => {
    const draft = { ...requestDraft(request), text: 'one\ntwo\nthree' };
    expect(continuedRequest(t, request, draft)).toMatchObject({
      value: { request: { body: { text: 'one\r\ntwo\r\nthree' } } },
    });
  });

  test('does not go on with mistakes', () => {
    const draft = { ...requestDraft(request), method: 'P UT', url: 'nowhere', fields: 'none' };
    expect(continuedRequest(t, request, draft)).toEqual({
      errors: {
        method: 'A method is a word such as GET.',
        url: 'This is no http or https URL.',
        fields: 'Line 1 is not a field: write it as Name: value.',
      },
    });
  });

  test('is answered instead', () => {
    const draft = { status: '503', fields: 'Retry-After: 5', body: 'text', text: 'later' } as const;
    expect(answerInstead(t, draft)).toEqual({
      value: { type: 'answer', response: { status: 503, headers: ['Retry-After', '5'], body: { text: 'later' } } },
    });
  });
});

describe('a paused response', () => {
  test('goes on as it came when nothing of it was changed', () => {
    expect(continuedResponse(t, response, responseDraft(response))).toEqual({ value: { type: 'continue' } });
  });

  test('keeps a body that is no text, unless it is replaced', () => {
    const draft = { ...responseDraft(response), status: '404' };
    expect(continuedResponse(t, response, draft)).toMatchObject({ value: { response: { status: 404, body: 'kept' } } });
    expect(continuedResponse(t, response, { ...draft, body: 'text', text: 'gone' })).toMatchObject({
      value: { response: { headers: ['Content-Type', 'image/png'], body: { text: 'gone' } } },
    });
  });

  test('has a status that a response can have', () => {
    for (const status of ['', '99', '600', '2oo'])
      expect(continuedResponse(t, response, { ...responseDraft(response), status })).toEqual({
        errors: { status: 'A status is a number from 200 to 599.' },
      });
  });
});
