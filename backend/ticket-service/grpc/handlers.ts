/** Every RPC of the contract, by name. */
import { abilities } from '../../../proto/abilities.ts';
import type { TicketServiceHandlers } from '../../../proto/generated/TicketService.ts';
import type { Logger } from '../../logger.ts';
import type { ApiTokens } from '../../secrets.ts';
import type { ChangeFeed } from '../change-feed/change-feed.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import { changeTickets, listTicketIds, undoChange } from './bulk-rpcs.ts';
import { type Callers, createCallers } from './callers.ts';
import { addComment, deleteComment, editComment, listComments, listTicketHistory } from './comment-rpcs.ts';
import { exportTickets } from './export-tickets.ts';
import { importTickets } from './import-tickets.ts';
import { reportPresence } from './presence-rpcs.ts';
import {
  countMatches,
  countTickets,
  getCreateResults,
  getTicketList,
  healthCheck,
  listAgents,
  listTickets,
} from './read-rpcs.ts';
import { inBaseTerms, type Rpc, type UnaryRpc, unary } from './rpc.ts';
import { deleteView, listViews, moveView, saveView } from './view-rpcs.ts';
import { watchTickets } from './watch-tickets.ts';
import { createRpcs, deleteTicket, restoreTicket, updateTicket } from './write-rpcs.ts';

/** What the base contract answers to what this service refuses. */
const noTickets = () => ({ tickets: [] });
const noSuccess = ({ id }: { id: number }) => ({ id, success: false });

interface HandlerOptions {
  storage: TicketStorage;
  feed: ChangeFeed;
  logger: Logger;
  version: string;
  tokens: ApiTokens;
  queueTopic?: string | undefined;
}

export function ticketServiceHandlers(options: HandlerOptions): TicketServiceHandlers {
  const callers = createCallers(options.tokens);
  const answer = <Request extends object, Response>(name: string, rpc: UnaryRpc<Request, Response>) =>
    unary(rpc, { ...options, name, callers });
  const { createTicket, createTickets } = createRpcs(options.storage);
  return {
    HealthCheck: answer('HealthCheck', healthCheck),
    GetTicketList: answer('GetTicketList', inBaseTerms(getTicketList, noTickets)),
    CreateTicket: answer(
      'CreateTicket',
      inBaseTerms(createTicket, () => ({ success: false })),
    ),
    CreateTickets: answer('CreateTickets', createTickets),
    UpdateTicket: answer('UpdateTicket', inBaseTerms(updateTicket, noSuccess)),
    DeleteTicket: answer('DeleteTicket', inBaseTerms(deleteTicket, noSuccess)),
    ListTickets: answer('ListTickets', listTickets),
    CountTickets: answer('CountTickets', countTickets),
    CountMatches: answer('CountMatches', countMatches),
    RestoreTicket: answer('RestoreTicket', restoreTicket),
    ListTicketIds: answer('ListTicketIds', listTicketIds),
    ImportTickets: answer('ImportTickets', importTickets),
    ChangeTickets: answer('ChangeTickets', changeTickets),
    UndoChange: answer('UndoChange', undoChange),
    GetCreateResults: answer('GetCreateResults', getCreateResults),
    ListComments: answer('ListComments', listComments),
    AddComment: answer('AddComment', addComment),
    EditComment: answer('EditComment', editComment),
    DeleteComment: answer('DeleteComment', deleteComment),
    ListTicketHistory: answer('ListTicketHistory', listTicketHistory),
    ListAgents: answer('ListAgents', listAgents),
    ListViews: answer('ListViews', listViews),
    SaveView: answer('SaveView', saveView),
    MoveView: answer('MoveView', moveView),
    DeleteView: answer('DeleteView', deleteView),
    ReportPresence: answer('ReportPresence', reportPresence),
    GetServerInfo: answer('GetServerInfo', getServerInfo({ ...options, callers })),
    ExportTickets: exportTickets({ ...options, callers }),
    WatchTickets: watchTickets(options.feed, options.logger),
  };
}

/** What a peer tells goes to the log only where it looks like a version. */
const versionPattern = /^[\w.+-]{1,64}$/;

/** The first call of every session of a proxy. */
function getServerInfo(options: HandlerOptions & { callers: Callers }): Rpc<'GetServerInfo'> {
  const { version, queueTopic = '', callers, logger } = options;
  return async (_storage, peer, caller) => {
    callers.shakeHands(caller.peer);
    const told = versionPattern.test(peer.version) ? peer.version : 'not told';
    logger.info({ peerVersion: told, peerAbilities: peer.abilities.length }, 'a proxy has linked');
    const { tokenAgent } = caller;
    return { version, abilities: [...abilities], queueTopic, ...(tokenAgent && { agent: tokenAgent }) };
  };
}
