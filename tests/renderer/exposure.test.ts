import { describe, expect, it } from 'vitest';
import { exposure } from '../../renderer/views/status-bar/exposure.ts';

const users = [{ name: 'ann', password: 'scrypt$' }];

describe('who can use the proxy, in words', () => {
  it.each([
    ['127.0.0.1', [], [], '', 'Only this machine can use the proxy.'],
    ['::1', users, [], 'Login', 'Only this machine can use the proxy, with the login of 1 user.'],
    [
      ...(['0.0.0.0', [], ['10.0.0.0/8', '::1'], 'On the network · address list'] as const),
      'Other machines can use the proxy, from 2 allowed addresses or blocks.',
    ],
    [
      ...(['::', users, ['::1'], 'On the network · login · address list'] as const),
      'Other machines can use the proxy, with the login of 1 user, from 1 allowed address or block.',
    ],
  ])('%s', (host, named, allow, words, hint) => {
    expect(exposure(host, { users: [...named], allow: [...allow] })).toEqual({ words, hint });
  });
});
