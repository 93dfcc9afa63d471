import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { systemAgent } from './system-agent.ts';

it('is the user of the system, under an id that no name of another desk has', () => {
  const { username } = userInfo();
  expect(systemAgent()).toEqual({ id: `user:${username}`, name: username });
});
