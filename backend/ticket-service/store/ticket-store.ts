/** What the use cases and the change feed need of the database. */
import type { SearchTerm } from '../../../proto/search-language.ts';
import type { Agent, Presence } from '../../domain/agent.ts';
import type { BelowRequest, Change, Comment } from '../../domain/conversation.ts';
import type { Count } from '../../domain/search.ts';
import type { NewTicket, Ticket, TicketChanges, TicketOrder, TicketValues } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import type { View, ViewToSave } from '../../domain/view.ts';

/** A filter whose texts have been read. */
export interface TicketSelection extends Omit<TicketFilter, 'text' | 'query' | 'timeZone'> {
  /** All must hold. */
  terms?: readonly SearchTerm[] | undefined;
}

export interface TicketPageRequest {
  filter: TicketSelection;
  pageSize: number;
  /** From an earlier page of the same order. */
  after: string | undefined;
  order: TicketOrder;
  /** The page before `after`, or the last one; in the order asked for. */
  backwards?: boolean;
}

export interface TicketPage {
  tickets: Ticket[];
  /** One for each ticket, to go on after it. */
  cursors: string[];
  /** Backwards: more come before. */
  hasNextPage: boolean;
}

/** A text that can never become a ticket. */
export interface Rejection {
  /** In words for the author. */
  reason: string;
  field: string | undefined;
  revision: number;
}

export interface NewRejection extends Rejection {
  requestId: string;
  /** Of the text, where the message holds one; see create-digest.ts. */
  digest?: Buffer | undefined;
  /** The message as it came. */
  body: Buffer;
}

export type CreateOutcome =
  | { state: 'created'; ticket: Ticket }
  | { state: 'known'; id: number }
  /** The request has this ticket, of another text, or of one that is not known any more. */
  | { state: 'conflict'; id: number }
  | ({ state: 'rejected' } & Rejection);

/** On what a change was made, by whom, and by which request. */
export interface UpdateOptions {
  /** Left out: whatever it is. */
  expectedVersion?: number | undefined;
  /** The same one changes a ticket once. */
  requestId?: string | undefined;
  /** Only a change of the same fields since is a conflict, and none of one's own: the versions that those made. */
  merge?: { ownVersions: readonly number[] } | undefined;
  /** Undefined: nobody told. */
  by?: Agent | undefined;
}

export type UpdateOutcome =
  /** @param version that this change made */
  | { state: 'updated'; ticket: Ticket; version: number }
  | { state: 'missing' }
  | { state: 'conflict'; current: Ticket };

/** The same for each of some tickets, by one request. */
export type ManyRequest = { requestId: string; ids: readonly number[]; by?: Agent | undefined } & (
  | { kind: 'DELETED' | 'RESTORED' }
  /** Either tags among the changes, or some that each is given beside its own and some that are taken away. */
  | {
      kind: 'UPDATED';
      changes: TicketChanges;
      addTags: readonly string[];
      removeTags: readonly string[];
    }
);

export interface UndoRequest {
  requestId: string;
  /** The request that is undone. */
  undoes: string;
  by?: Agent | undefined;
}

/** Why something was not done to a ticket. */
export interface TicketFailure {
  id: number;
  /** Never there or forgotten; deleted; too many tags; changed by others since, or by who undoes. */
  reason: 'MISSING' | 'DELETED' | 'FULL' | 'CHANGED' | 'CHANGED_BY_SELF';
  /** As the history names it; null: the ticket. */
  field: string | null;
  /** Who deleted or changed it; null: nobody told. */
  by: Agent | null;
}

export interface ManyOutcome {
  /** Those that have a new version by it. */
  changedIds: number[];
  failures: TicketFailure[];
}

export type CreateResult = {
  requestId: string;
  /** Of the text that this became of; undefined when it is not known. */
  digest: Buffer | undefined;
} & ({ state: 'stored'; id: number } | ({ state: 'rejected' } & Rejection));

/** A place in the feed of changes: after this change of this transaction. */
export interface FeedPosition {
  xact: bigint;
  seq: bigint;
}

export interface TicketChange {
  position: FeedPosition;
  id: number;
  kind: 'CREATED' | 'UPDATED' | 'DELETED';
  version: number;
  /** The ticket as it is now, maybe newer than the change; undefined when it is not there any more. */
  ticket: Ticket | undefined;
  /** What was said by it, as it is now. */
  comment?: StoredComment | undefined;
}

export interface ChangesRead {
  changes: TicketChange[];
  /** More has been committed, and waits for an older transaction to end. */
  heldBack: boolean;
  /** Changes after the asked position are not kept any more, or it is of a time to come, or of what is another feed by now. */
  lost: boolean;
}

/** The changes of the tickets, in an order in which none is skipped. */
export interface ChangeLog {
  /** Tells the feed of the last now() from any other: positions of another say nothing. */
  feedId(): string;
  /** After every change that can have been read by now, and before every other. */
  now(): Promise<FeedPosition>;
  read(after: FeedPosition, limit: number): Promise<ChangesRead>;
  /** Calls back whenever something has changed and whenever it may have. @returns unsubscribe */
  onChange(listener: () => void): () => void;
}

/** `shared`: beside others of this kind. `alone`: beside nobody. */
export type LeaseKind = 'shared' | 'alone';

/** What the services of one database tell one another of who is where; nothing of it is kept. */
export interface PresenceChannel {
  /** Tells all of them, this one too. */
  tell(presence: Presence): Promise<void>;
  /** @returns unsubscribe */
  onTold(listener: (presence: Presence) => void): () => void;
}

/** By which the services of one database agree who may trust a cache. */
export interface CacheLease {
  /** Answers whether it is held now. @throws when Postgres does not answer. */
  take(kind: LeaseKind): Promise<boolean>;
  /** Whether that has been confirmed within the last 2 s, and nobody has fenced since. */
  isHeld(): boolean;
  /** Resolves once nothing is held. */
  giveBack(): Promise<void>;
  /**
   * Resolves once nobody else trusts a cache on a lease that was taken before: `alone` of any kind, `shared` of the
   * kind alone. One's own is to be given back first. Takes 4 s at most, and answers whether others had to be asked.
   * @throws DeskError UNAVAILABLE: it is not certain.
   */
  fence(kind: LeaseKind): Promise<boolean>;
}

export interface CreateToStore extends NewTicket {
  /** It can't have been stored before: a ticket with its text, made by an older service, is another create's. */
  unseen?: boolean;
}

/** A comment as it is stored. */
export interface StoredComment extends Comment {
  ticketId: number;
}

export interface NewComment extends Pick<StoredComment, 'ticketId' | 'requestId' | 'kind' | 'body'> {
  by: Agent | undefined;
  /** When it was written; null: now. */
  createdAt: string | null;
}

/** With when they did something last, in RFC 3339. */
export interface SeenAgent extends Agent {
  lastSeenAt: string;
}

export interface CommentPage {
  comments: StoredComment[];
  hasNextPage: boolean;
}

/** A change as it is stored. */
export interface StoredChange extends Change {
  /** That the ticket has since. */
  version: number;
  /** Of a field that names an agent, whose names `from` and `to` have; else null. */
  fromId: string | null;
  toId: string | null;
}

export interface ChangePage {
  changes: StoredChange[];
  hasNextPage: boolean;
}

export interface ExportRequest {
  /** May name more ids than a list's. */
  filter: TicketSelection;
  except: readonly number[];
  withThreads: boolean;
}

export interface ExportBlock {
  /** Of all blocks together. */
  count: number;
  tickets: { ticket: Ticket; comments: StoredComment[]; changes: StoredChange[] }[];
}

/** A ticket as it was elsewhere. */
export interface TicketToImport {
  values: TicketValues;
  /** The number to give it if that is free; null: any. */
  number: number | null;
  requestId: string;
  version: number;
  /** In RFC 3339; null: now. */
  createdAt: string | null;
  updatedAt: string | null;
  /** In the order in which they are to be stored; a comment that COMMENTED names has its id there, others may have 0. */
  comments: readonly Comment[];
  /** Those of a field that names an agent with the ids. */
  changes: readonly Omit<StoredChange, 'id' | 'fromId' | 'toId'>[];
  /** Whoever is named in any of it. */
  agents: readonly SeenAgent[];
}

export interface ImportRequest {
  tickets: readonly TicketToImport[];
  by: Agent | undefined;
  /** Finds what would become of them, and stores nothing. */
  isDryRun: boolean;
}

export type ImportOutcome =
  /** @param id null in a dry run */
  | { state: 'stored'; id: number | null }
  | { state: 'known'; id: number }
  /** The request is this ticket's, of another text. */
  | { state: 'conflict'; id: number }
  /** The request of this one of its comments is another comment's. */
  | { state: 'comment-conflict'; at: number };

export interface CommentStore {
  /**
   * The same request adds one comment, whatever is sent again.
   * @throws DeskError NOT_FOUND: there is no such ticket. CONFLICT: the request is another comment's.
   */
  add(comment: NewComment): Promise<StoredComment>;
  /** @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over. */
  edit(id: number, change: { body: string; by: Agent | undefined }): Promise<StoredComment>;
  /** @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over. */
  delete(id: number, by?: Agent): Promise<StoredComment>;
  page(request: BelowRequest): Promise<CommentPage>;
}

export interface ViewStore {
  /** The agent's own, then those that everybody has, each in their order. */
  list(me: Agent | undefined): Promise<View[]>;
  /**
   * Creates or changes a view. The same again answers what it did before.
   * @throws DeskError NOT_FOUND: the agent has no such view. CONFLICT: it has another version, or the id is another
   * view's. BAD_USER_INPUT: there are as many as there may be, or nobody is known whose it could be.
   */
  save(view: ViewToSave, me: Agent | undefined): Promise<View>;
  /** @param place.beforeId null: behind all of its list. @returns whether the agent has both views, in one list */
  move(place: { id: string; beforeId: string | null }, me: Agent | undefined): Promise<boolean>;
  /** @returns whether the agent had such a view */
  delete(id: string, me: Agent | undefined): Promise<boolean>;
}

/**
 * Every call throws DeskError UNAVAILABLE when the database can't be reached, then changes may or may not
 * have been made, and DEADLINE_EXCEEDED when it takes too long.
 */
export interface TicketStore {
  /**
   * Makes at most one ticket of a requestId, for ever, and none of a text that was rejected or an older revision of it.
   * A ticket of the same text that an older service has made since becomes the create's own. All in one
   * transaction, or nothing; the outcomes are in the order of the creates.
   * @throws DeskError BAD_USER_INPUT: the database can't hold one of them.
   */
  create(creates: readonly CreateToStore[]): Promise<CreateOutcome[]>;
  /** Keeps the newest rejection of each request for its author; one that has become a ticket keeps none. */
  reject(rejections: readonly NewRejection[]): Promise<void>;
  find(id: number): Promise<Ticket | undefined>;
  /** @throws DeskError CONFLICT requestId: it is another change's. */
  update(id: number, changes: TicketChanges, options?: UpdateOptions): Promise<UpdateOutcome>;
  /** Answers the version of the deletion, or undefined when there is no such ticket. */
  delete(id: number, by?: Agent): Promise<{ version: number } | undefined>;
  /** Undefined when no deleted ticket has that id. */
  restore(id: number, by?: Agent): Promise<Ticket | undefined>;
  /** At most limits.maxChunk of them in one transaction. @throws DeskError CONFLICT requestId: it is another request's. */
  changeMany(request: ManyRequest): Promise<ManyOutcome>;
  /** @throws DeskError NOT_FOUND undoes: no such request is known. CONFLICT requestId: it is another request's. */
  undo(request: UndoRequest): Promise<ManyOutcome>;
  /** Of all tickets that are wanted, in order, as they were at one moment; one more than `most` tells that there are more. */
  ids(filter: TicketSelection, most: number): Promise<number[]>;
  /**
   * All tickets that are wanted, in the order of their numbers and as they were at one moment; the first block comes
   * even where there are none. A block is read when it is asked for.
   */
  export(request: ExportRequest, signal: AbortSignal): AsyncIterable<ExportBlock>;
  /**
   * Makes at most one ticket of a requestId, for ever; those that are free to be stored in one transaction. The
   * outcomes are in the order of the tickets.
   */
  import(request: ImportRequest): Promise<ImportOutcome[]>;
  /** At most limits.maxListLength, newest first. */
  list(filter: TicketSelection): Promise<Ticket[]>;
  /** @throws DeskError BAD_USER_INPUT pageToken: `after` is no cursor of this order. */
  page(request: TicketPageRequest): Promise<TicketPage>;
  readonly comments: CommentStore;
  readonly views: ViewStore;
  /** Of a ticket that is there or can be restored. */
  history(request: BelowRequest): Promise<ChangePage>;
  /** Everybody who ever acted, by name, and who asks. */
  agents(me?: Agent): Promise<SeenAgent[]>;
  /** By status; a status without tickets is missing. */
  countByStatus(terms?: readonly SearchTerm[]): Promise<Map<string, number>>;
  /** Counts up to limits.maxCount. */
  count(filter: TicketSelection): Promise<Count>;
  /** Counts each status, to more than limits.maxCount where there are more; a status without tickets may be missing. */
  countEachStatus(filter: Omit<TicketSelection, 'statuses'>): Promise<ReadonlyMap<string, number>>;
  /** Those never seen are left out; the ids are in lower case. */
  createResults(requestIds: readonly string[]): Promise<CreateResult[]>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /**
   * Forgets changes, deleted tickets and rejections that have been kept long enough; on abort, as far as it has come.
   * @throws AggregateError: some of it could not be forgotten, which kept the rest from nothing.
   */
  prune(signal: AbortSignal): Promise<void>;
  readonly changes: ChangeLog;
  readonly presence: PresenceChannel;
  readonly cacheLease: CacheLease;
  close(): Promise<void>;
}
