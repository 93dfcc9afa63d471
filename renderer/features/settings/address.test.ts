import { describe, expect, it } from 'vitest';
import { addressProblem, isHopeless } from './address.ts';

describe('the address of the ticket service', () => {
  it.each([
    'built-in',
    'localhost:50051',
    'tickets.example.org:443',
    '10.0.0.7:1',
    '[::1]:50051',
    'db_1:65535',
  ])('takes %s', (address) => expect(addressProblem(address)).toBeNull());

  it.each([
    ['', 'Type the address'],
    ['tickets.example.org', 'port is missing'],
    [':50051', 'host is missing'],
    ['http://tickets:50051', 'without "http://"'],
    ['tickets:50051/graphql', 'take out the "/"'],
    ['tickets: 50051', 'no blanks'],
    ['tickets:0', '1 to 65535'],
    ['tickets:70000', '1 to 65535'],
    ['tickets:http', '1 to 65535'],
    ['::1:50051', 'brackets'],
    ['tick!ets:50051', 'no host name has'],
  ])('says what is wrong with "%s"', (address, words) => expect(addressProblem(address)).toContain(words));

  it('speaks up while it is typed only when going on can not mend it', () => {
    for (const begun of ['', 't', 'tickets', 'tickets:', 'tickets:5', '[', '[::', '[::1]', 'tickets.']) {
      expect(isHopeless(begun), begun).toBe(false);
    }
    for (const begun of ['http://t', 'tickets:x', 'a b', 'tickets:70000', 'tick!']) {
      expect(isHopeless(begun), begun).toBe(true);
    }
  });
});
