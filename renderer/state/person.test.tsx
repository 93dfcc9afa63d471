import { expect, it } from 'vitest';
import { signedInAs } from './person.ts';
import { knownRequesters, rememberRequester } from './requesters.ts';
import { remembered } from './web-storage.ts';

it('offers nobody the requesters of whoever was signed in before, nor their view', () => {
  signedInAs('ada');
  rememberRequester('Grace');
  signedInAs('ada');
  expect(knownRequesters()).toEqual(['Grace']);
  signedInAs('bo');
  expect(knownRequesters()).toEqual([]);
  expect(remembered('view')).not.toBeNull();
});
