import { describe, expect, it } from 'vitest';
import { addressProblem, hostAndPort, isHopeless } from './service-address.ts';

describe('an address', () => {
  it.each([
    'localhost:50051',
    'tickets.example.org:443',
    '10.0.0.7:1',
    '[::1]:50051',
    '[2001:db8::1]:50051',
    'ticket_service:65535',
    ' tickets:50051 ',
  ])('may be "%s"', (address) => expect(addressProblem(address, 'ticket service')).toBeNull());

  it.each([
    ['', 'Type the address'],
    ['built-in', 'port is missing'],
    ['tickets.example.org', 'port is missing: add a colon and its number, as in tickets.example.org:50051'],
    ['[2001:db8::1]', 'port is missing'],
    ['2001:db8::1', 'in brackets'],
    ['::1:50051', 'in brackets'],
    ['[zz]:1', 'in brackets'],
    [':50051', 'host is missing'],
    ['http://tickets:50051', 'without "http://"'],
    ['tickets:50051/graphql', 'take out the "/"'],
    ['tickets: 50051', 'no blanks'],
    ['tickets:0', '"0" is no port'],
    ['tickets:70000', '"70000" is no port'],
    ['tickets:http', '"http" is no port'],
    ['tickets:', '"" is no port'],
    ['tick!ets:50051', '"tick!ets" is no host name'],
    ['user@tickets:50051', '"user@tickets" is no host name'],
    [`${'a'.repeat(64)}:1`, 'is no host name'],
  ])('that is "%s" gets an answer of its own', (address, words) =>
    expect(addressProblem(address, 'ticket service')).toContain(words),
  );

  it('has examples of what it is for', () => {
    expect(addressProblem('', 'NSQ')).toContain('nsqd.example.org:4150');
    expect(addressProblem('queue', 'NSQ')).toContain('queue:4150');
  });

  it('is spoken of while it is typed only when going on can not mend it', () => {
    for (const begun of ['', 't', 'tickets', 'tickets:', 'tickets:5', '[', '[::', '[::1]', 'tickets.'])
      expect(isHopeless(begun, 'ticket service'), begun).toBe(false);
    for (const begun of ['http://t', 'tickets:x', 'a b', 'tickets:70000', 'tick!'])
      expect(isHopeless(begun, 'ticket service'), begun).toBe(true);
  });

  it('is a host and a port', () => {
    expect(hostAndPort(' [::1]:4150')).toEqual({ host: '::1', port: 4150 });
    expect(hostAndPort('tickets.example.org:50051')).toEqual({ host: 'tickets.example.org', port: 50051 });
  });
});
