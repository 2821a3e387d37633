import { expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { draftOf, newDraft, upstreamOf } from '../../renderer/views/routing/upstream-draft.ts';
import type { Upstream } from '../../shared/settings-routes.ts';

const t = createTranslate('en', en);

const shop: Upstream = {
  ...{ type: 'application', id: 'shop', label: 'Shop', kind: 'wsgi', module: 'shop.wsgi:application' },
  ...{ directory: '/srv/shop', python: '.venv', mount: '/shop', workers: 3, threads: 1, timeout: 5_000 },
  ...{ env: { DEBUG: '1', EMPTY: '' }, reload: true },
};

test('an application that is edited and saved keeps what was not touched', () => {
  expect(upstreamOf(t, draftOf(shop), 'shop', [shop])).toEqual({ value: shop });
});

test('numbers that are none are told in their fields', () => {
  const draft = { ...newDraft('application'), module: 'a:b', workers: '0', threads: 'many', timeout: '' };
  expect(upstreamOf(t, draft, undefined, [])).toEqual({
    errors: {
      workers: 'a whole number from 1 to 64',
      threads: 'a whole number from 1 to 64',
      timeout: 'a whole number of milliseconds; 0 for no limit',
    },
  });
});
