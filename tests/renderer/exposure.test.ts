import { describe, expect, it } from 'vitest';
import { en } from '../../renderer/i18n/en/catalogue.ts';
import { createTranslate } from '../../renderer/i18n/translate.ts';
import { exposure } from '../../renderer/views/status-bar/exposure.ts';

const t = createTranslate('en', en);
const users = [{ name: 'ann', password: 'scrypt$' }];

describe('who can use the proxy, in words', () => {
  it.each([
    ['127.0.0.1', [], [], '', 'Only this machine can use the proxy.'],
    ['::1', users, [], 'Login', 'Only this machine can use the proxy. It asks for the login of 1 user.'],
    [
      ...(['0.0.0.0', [], ['10.0.0.0/8', '::1'], 'On the network · Address list'] as const),
      'Other machines can use the proxy. It serves 2 allowed addresses or blocks.',
    ],
    [
      ...(['::', users, ['::1'], 'On the network · Login · Address list'] as const),
      'Other machines can use the proxy. It asks for the login of 1 user. It serves 1 allowed address or block.',
    ],
  ])('%s', (host, named, allow, words, hint) => {
    expect(exposure(t, host, { users: [...named], allow: [...allow] })).toEqual({ words, hint });
  });
});
