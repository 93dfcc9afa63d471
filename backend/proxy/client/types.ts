/** What the proxy knows of tickets and of the link, whatever the age of the service behind it. */
import type { Change__Output } from '../../../proto/generated/Change.ts';
import type { Comment__Output } from '../../../proto/generated/Comment.ts';
import type { Ticket__Output } from '../../../proto/generated/Ticket.ts';
import type { View__Output } from '../../../proto/generated/View.ts';
import type { QueryProblem } from '../../../proto/search-language.ts';
import { type TicketAgents, ticketValues } from '../../../proto/ticket-fields.ts';
import type { Agent, Presence } from '../../domain/agent.ts';
import type { BulkChange, TicketFailure } from '../../domain/bulk-change.ts';
import type { BelowRequest, Change, Comment } from '../../domain/conversation.ts';
import type { Count } from '../../domain/search.ts';
import type { NewTicket, TicketChanges, TicketOrder, TicketValues } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import type { View, ViewToSave } from '../../domain/view.ts';
import { type ErrorCode, errorCodes } from '../../errors.ts';
import type { Link } from '../generated/types.ts';

/** A ticket as the service told it; null is what an older service does not know. */
export interface KnownTicket extends TicketValues, TicketAgents<Agent> {
  id: number;
  createdAt: string | null;
  updatedAt: string | null;
  version: number | null;
  requestId: string | null;
}

/** Zero and empty are what an older service leaves out. */
export function knownTicket(ticket: Ticket__Output): KnownTicket {
  const assignee = ticket.assignee && { id: ticket.assignee.id, name: ticket.assignee.name };
  return {
    ...ticketValues(ticket),
    assigneeId: assignee?.id ?? null,
    assignee,
    id: ticket.id,
    createdAt: ticket.createdAt || null,
    updatedAt: ticket.updatedAt || null,
    version: ticket.version || null,
    requestId: ticket.requestId || null,
  };
}

export function knownComment(comment: Comment__Output): Comment {
  const { id, requestId, kind, body, author, createdAt } = comment;
  return {
    id,
    requestId,
    kind,
    body,
    author: author && { id: author.id, name: author.name },
    createdAt,
    editedAt: comment.editedAt || null,
  };
}

export function knownChange({ id, at, by, field, from, to }: Change__Output): Change {
  const agent = by && { id: by.id, name: by.name };
  return { id: Number(id), at, by: agent, field, from: from ?? null, to: to ?? null };
}

/** Null is what the wire leaves empty. */
export function knownView({ key, ...view }: View__Output): View {
  return { ...view, key: key || null };
}

/** A code that this desk does not know is a fault. */
export function knownCode(told: string): ErrorCode {
  return errorCodes.find((code) => code === told) ?? 'INTERNAL';
}

export interface SavedView {
  view: View;
  /** What can't be read of its query. */
  problems: readonly QueryProblem[];
}

export interface BelowPage<Node> {
  nodes: Node[];
  hasNextPage: boolean;
}

export interface SeenAgent extends Agent {
  lastSeenAt: string | null;
}

export interface NewComment extends Pick<Comment, 'requestId' | 'kind' | 'body' | 'createdAt'> {
  ticketId: number;
  agent: Agent | undefined;
}

/** On what a change was made, and by which request. */
export interface UpdateOptions {
  /** Left out: whatever it is. */
  expectedVersion?: number | undefined;
  /** The same one changes a ticket once. */
  requestId?: string | undefined;
  /** Only a change of the same fields since is a conflict, and none of one's own: the versions that those made. */
  merge?: { ownVersions: readonly number[] } | undefined;
  /** Who makes it; left out: nobody known. */
  agent?: Agent | undefined;
}

/** Of a write that has no other options. */
export interface WriteOptions {
  agent?: Agent | undefined;
  /** The same one is done once, and can be undone. */
  requestId?: string | undefined;
}

export interface ManyRequest {
  requestId: string;
  ids: readonly number[];
  change: BulkChange;
  agent: Agent | undefined;
}

export interface ManyResult {
  /** Those that have a new version by it. */
  changedIds: readonly number[];
  failures: readonly TicketFailure[];
}

/** All that a filter lets through and is in `ids`, where they are given, but those in `except`. */
export interface ExportRequest {
  filter: TicketFilter;
  ids: readonly number[] | undefined;
  except: readonly number[];
  /** With comments and history. */
  withThreads: boolean;
  /** Who asks. */
  me: Agent | undefined;
  /** Ends it, also while a block is on its way. */
  signal: AbortSignal;
}

/** With the version that the ticket has since; and of a field that names an agent with the ids, whose names `from` and `to` have. */
export interface ExportedChange extends Change {
  version: number;
  fromId?: string | undefined;
  toId?: string | undefined;
}

export interface ExportedTicket {
  ticket: KnownTicket;
  comments: Comment[];
  changes: ExportedChange[];
}

/** As it was elsewhere: its id is the number that it is to have, 0 any; of a comment without a requestId it is any. */
export interface TicketToImport extends ExportedTicket {
  ticket: KnownTicket & { requestId: string };
}

export interface ImportRequest {
  /** At most limits.maxChunk, and 4 MB. */
  tickets: readonly TicketToImport[];
  /** Answers the same, and stores nothing. */
  isDryRun?: boolean;
  /** Who imports them. */
  agent: Agent | undefined;
}

export interface ImportedTicket {
  /** Null where it was refused, and where it would be stored but for a dry run. */
  id: number | null;
  /** An earlier request stored it. */
  wasThere: boolean;
  /** Why it was refused: in words, and the field by its name in gRPC. */
  rejection: { reason: string; field: string | null } | null;
}

export interface ExportBlock {
  /** Of all blocks together. */
  count: number;
  tickets: ExportedTicket[];
}

export interface TicketPage {
  tickets: KnownTicket[];
  /** One for each ticket, to go on after it. */
  cursors: string[];
  /** Backwards: more come before. */
  hasNextPage: boolean;
  /** What can't be read of the filter's query. */
  problems?: readonly QueryProblem[];
}

export interface PageRequest {
  filter: TicketFilter;
  /** 1 to 200. */
  pageSize: number;
  after: string | undefined;
  order: TicketOrder;
  /** The page before `after`, or the last one; in the order asked for. */
  backwards?: boolean;
  /** Who asks, for a query that says so; undefined: nobody known. */
  me?: Agent | undefined;
}

export type UpdateResult =
  /** @param version that the change made; null from a service that does not tell */
  | { state: 'updated'; ticket: KnownTicket | null; version: number | null }
  | { state: 'missing' }
  | { state: 'conflict'; current: KnownTicket };

/** What the desk tells by GraphQL, with nothing left out. */
export type Whole<Type> = Required<Omit<Type, '__typename'>>;

export type LinkStatus = Whole<Omit<Link, 'service'>>;

/** From when an answer is that is kept, and not the service's own. */
export interface AsOf {
  asOf?: string;
}

export type TicketEvent =
  | { kind: 'CREATED' | 'UPDATED'; id: number; ticket: KnownTicket; comment?: Comment | null }
  | { kind: 'DELETED'; id: number; ticket: null }
  | { kind: 'RESET'; id: null; ticket: null };

/** What became of a create: a ticket, or a text that can never become one. */
export type CreateResult = {
  /** Of the text that this became of, in hex; null when the service does not know it, or is too old to tell. */
  digest: string | null;
} & (
  | { state: 'STORED'; id: number }
  | { state: 'REJECTED'; reason: string; field: string | undefined; revision: number }
);

/** `details` of the CONFLICT which says that a create's requestId is another text's. */
export interface TakenDetails {
  /** The ticket that it became. */
  ticketId: number;
  digest: string | null;
}

/** What the proxy asks of a ticket service. */
export interface TicketCalls {
  /** At most 1,000, newest first. */
  list(filter: TicketFilter, me?: Agent): Promise<KnownTicket[]>;
  page(request: PageRequest): Promise<TicketPage>;
  /** How many tickets each filter lets through, up to limits.maxCount. */
  countMatches(filters: readonly TicketFilter[], me?: Agent): Promise<Count[]>;
  /** By status; a status without tickets may be missing. */
  counts(text: string | undefined): Promise<Map<string, number>>;
  /**
   * @throws DeskError with details.notSent when it is certain that nothing has left this process.
   * @throws DeskError CONFLICT with TakenDetails: its requestId is another text's.
   * @throws DeskError CONFLICT: it may have been stored by an older service, now or (`inDoubt`) before.
   */
  createTicket(
    create: NewTicket,
    options: { signal: AbortSignal; inDoubt?: boolean },
  ): Promise<{ id: number }>;
  update(id: number, changes: TicketChanges, options: UpdateOptions): Promise<UpdateResult>;
  /** @returns whether there was such a ticket */
  delete(id: number, options?: WriteOptions): Promise<boolean>;
  /** Null when no deleted ticket has that id. */
  restore(id: number, options?: WriteOptions): Promise<KnownTicket | null>;
  /** Of all tickets that the filter lets through, in order. @throws DeskError BAD_USER_INPUT filter: more than limits.maxBulk. */
  ticketIds(filter: TicketFilter, me?: Agent): Promise<number[]>;
  /**
   * In the order of their numbers, as they are at one moment. A block comes when it is asked for, the first one even
   * where there are no tickets; who stops asking ends it.
   */
  exportTickets(request: ExportRequest): AsyncIterable<ExportBlock>;
  /** In one transaction, each ticket once by its requestId; what became of each, in their order. */
  importTickets(request: ImportRequest): Promise<ImportedTicket[]>;
  /** In one transaction; at most limits.maxChunk. The same request again does nothing more. */
  changeMany(request: ManyRequest): Promise<ManyResult>;
  /** @throws DeskError NOT_FOUND undoes: the service does not know it. */
  undoChange(request: { requestId: string; undoes: string; agent: Agent | undefined }): Promise<ManyResult>;
  comments(request: BelowRequest): Promise<BelowPage<Comment>>;
  /** Who changed what of a ticket. */
  history(request: BelowRequest): Promise<BelowPage<Change>>;
  /** Everybody who ever acted, by name, and this one. */
  agents(me: Agent | undefined): Promise<SeenAgent[]>;
  /** @throws DeskError NOT_FOUND: there is no such ticket. CONFLICT: the requestId is another comment's. */
  addComment(comment: NewComment): Promise<Comment>;
  /** Holds for presenceHoldsMs. */
  reportPresence(presence: Omit<Presence, 'agent'>, agent?: Agent): Promise<void>;
  /** @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over. */
  editComment(id: number, body: string, agent?: Agent): Promise<Comment>;
  /** @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over. */
  deleteComment(id: number, agent?: Agent): Promise<void>;
  /** This agent's own, then those that everybody has, each in their order. */
  views(me: Agent | undefined): Promise<View[]>;
  /** @throws DeskError NOT_FOUND; CONFLICT: it has another version, or the id is another view's. */
  saveView(view: ViewToSave, me: Agent | undefined): Promise<SavedView>;
  /** @param place.beforeId null: behind all of its list. @returns whether the agent has both views, in one list */
  moveView(place: { id: string; beforeId: string | null }, me: Agent | undefined): Promise<boolean>;
  /** @returns whether the agent had such a view */
  deleteView(id: string, me: Agent | undefined): Promise<boolean>;
  /** What became of these creates, without those not seen yet; 'unknown' from a service that does not confirm. */
  createResults(requestIds: readonly string[]): Promise<ReadonlyMap<string, CreateResult> | 'unknown'>;
}

/** The calls of one session, in the contract that its service speaks. They throw grpc-js's ServiceError or a DeskError. */
export interface Service extends TicketCalls {
  /** Whether a read may be made once more when the connection broke under it. */
  readonly readsAgain: boolean;
  /** Tells of changes until it is aborted. @throws what ended it. */
  follow(options: WatchOptions): Promise<void>;
}

export interface WatchOptions {
  /** Where an earlier watch ended; empty: from now on. */
  resumeToken: string;
  onStart(): void;
  onEvent(event: TicketEvent): void;
  onPresence(presence: Presence): void;
  onResumeToken(token: string): void;
  signal: AbortSignal;
}

export interface TicketPresence {
  ticketId: number;
  present: Omit<Presence, 'ticketId'>[];
}

export interface Present {
  /** Of every ticket that somebody looks at. */
  all(): TicketPresence[];
  /** Told of a ticket whose people have changed. @returns unsubscribe */
  onChange(listener: (presence: TicketPresence) => void): () => void;
  stop(): void;
}

/** Every call throws DeskError: UNAVAILABLE at once when the link is down, after a short wait while it is connecting. */
export interface TicketClient extends TicketCalls {
  page(request: PageRequest): Promise<TicketPage & AsOf>;
  /** Null when there is none. */
  ticket(id: number): Promise<(KnownTicket & AsOf) | null>;
  link(): LinkStatus;
  /** Whose token this desk shows, as the service told it last; undefined where the token is nobody's own. */
  tokenAgent(): Agent | undefined;
  /** @returns unsubscribe */
  onLink(listener: (link: LinkStatus) => void): () => void;
  onTicket(listener: (event: TicketEvent) => void): () => void;
  readonly present: Pick<Present, 'all' | 'onChange'>;
  /** Whether the service answers and its database does. Never throws. */
  healthy(): Promise<boolean>;
  /** Tries the link at once: a pause before the next try ends, and one that stands must answer or is given up. */
  retryNow(): void;
  close(): Promise<void>;
}
