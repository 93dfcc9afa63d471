/**
 * What a caller knows of the contract. One that has called GetServerInfo on its connection knows all of it; whoever
 * has not, and sends nothing else either that only the whole contract has, is taken for a peer of the base contract,
 * which answers with success or without it and knows no refusal.
 */
import type { Metadata } from '@grpc/grpc-js';
import { LRUCache } from 'lru-cache';
import { ticketServiceDefinition } from '../../../proto/contract-package.ts';
import type { Ticket } from '../../../proto/generated/Ticket.ts';
import { type Agent, agentKey, decodeAgent } from '../../domain/agent.ts';
import type { ApiTokens } from '../../secrets.ts';

export interface Caller {
  /** Its address and port. */
  peer: string;
  hasShakenHands: boolean;
  /** Nothing of this call is beyond the base contract. */
  isBase: boolean;
  /** Who acts; undefined: nobody told. */
  agent: Agent | undefined;
  /** Whose token it shows; undefined where that is nobody's own. */
  tokenAgent: Agent | undefined;
}

/** The fields of the base contract; its RPCs without any are left out, as there is nothing to refuse. */
const baseFields: Readonly<Record<string, readonly string[]>> = {
  GetTicketList: ['id', 'status'],
  CreateTicket: ['title', 'description', 'name'],
  UpdateTicket: ['id', 'status'],
  DeleteTicket: ['id'],
};

/** By their paths. */
export const baseRpcs: ReadonlySet<string> = new Set(
  ['HealthCheck', ...Object.keys(baseFields)].map((name) => `/TicketService/${name}`),
);

/** Of connections; gRPC does not tell when one ends, and one that is forgotten is answered as the base contract does. */
const maxRemembered = 10_000;
/** What gRPC clients take of one message unless told otherwise. */
const maxUnaskedBytes = 4 * 1024 * 1024;

export interface Callers {
  of(call: { getPeer(): string; metadata: Metadata }, rpc: string, request: object): Caller;
  shakeHands(peer: string): void;
}

export function createCallers(tokens: ApiTokens): Callers {
  const shaken = new LRUCache<string, true>({ max: maxRemembered });
  return {
    of(call, rpc, request) {
      const peer = call.getPeer();
      const hasShakenHands = shaken.get(peer) === true;
      // A token of somebody's own speaks for them, whatever else is told.
      const { agent: tokenAgent } = tokens.admits(call.metadata.get('authorization')[0]?.toString());
      const told = decodeAgent(call.metadata.get(agentKey)[0]);
      const isBase = !hasShakenHands && isOfBase(rpc, request);
      return { peer, hasShakenHands, isBase, tokenAgent, agent: tokenAgent ?? told };
    },
    shakeHands: (peer) => void shaken.set(peer, true),
  };
}

function isOfBase(rpc: string, request: object): boolean {
  const known = baseFields[rpc];
  if (!known) return false;
  return Object.entries(request).every(([field, value]) => known.includes(field) || isLeftOut(value));
}

function isLeftOut(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/** As many of the first as a client takes that was told nothing. */
export function fittingUnasked(tickets: readonly Ticket[]): Ticket[] {
  const { responseSerialize } = ticketServiceDefinition.GetTicketList;
  let bytes = 0;
  const tooMany = tickets.findIndex((ticket) => {
    bytes += responseSerialize({ tickets: [ticket] }).length;
    return bytes > maxUnaskedBytes;
  });
  return tickets.slice(0, tooMany < 0 ? undefined : tooMany);
}
