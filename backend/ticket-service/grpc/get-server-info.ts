import type { Empty__Output } from '../../../proto/generated/Empty.ts';
import type { GetServerInfoResponse } from '../../../proto/generated/GetServerInfoResponse.ts';
import type { UnaryRpc } from './rpc.ts';

/** The RPCs beyond the base contract. */
const abilities = [
  'ListTickets',
  'CountTickets',
  'RestoreTicket',
  'GetCreateResults',
  'WatchTickets',
  'GetServerInfo',
];

export function getServerInfo(version: string): UnaryRpc<Empty__Output, GetServerInfoResponse> {
  return async () => ({ version, abilities });
}
