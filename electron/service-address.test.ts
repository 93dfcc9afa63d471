import { expect, test } from 'vitest';
import { checkServiceAddress } from './service-address.ts';

test.each([
  'built-in',
  'localhost:50051',
  'tickets.example.org:1',
  '10.0.0.7:65535',
  '[2001:db8::1]:50051',
  'ticket_service:50051',
])('%s is an address', (address) => {
  expect(checkServiceAddress(` ${address} `)).toEqual({ address, problem: null });
});

test.each([
  ['', 'Type built-in, or'],
  ['https://tickets.example.org:50051', 'Leave out https://'],
  ['tickets.example.org', 'The port is missing, as in tickets.example.org:50051'],
  ['[2001:db8::1]', 'The port is missing'],
  ['2001:db8::1', 'in brackets'],
  ['tickets:0', '"0" is no port'],
  ['tickets:65536', '"65536" is no port'],
  ['tickets:http', '"http" is no port'],
  ['tickets:', '"" is no port'],
  [':50051', '"" is no host name'],
  ['tick ets:50051', '"tick ets" is no host name'],
  ['tickets/a:50051', '"tickets/a" is no host name'],
  ['user@tickets:50051', '"user@tickets" is no host name'],
  [`${'a'.repeat(64)}:1`, 'is no host name'],
])('%j is refused with a text of its own', (typed, text) => {
  expect(checkServiceAddress(typed).problem).toContain(text);
});
