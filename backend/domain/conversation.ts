/** What was said about a ticket, and what was done to it. */
import type { Agent } from './agent.ts';

export interface Comment {
  id: number;
  requestId: string;
  kind: 'NOTE' | 'ANSWER';
  /** Markdown. */
  body: string;
  /** Null when nobody told who wrote it. */
  author: Agent | null;
  /** RFC 3339, as a ticket's. */
  createdAt: string;
  /** Null while it is as it was written. */
  editedAt: string | null;
}

/** What a history has beside changes of fields. */
export const historyEvents = ['CREATED', 'DELETED', 'RESTORED', 'COMMENTED', 'IMPORTED', 'comment'] as const;

/** What one write changed of one field of a ticket. */
export interface Change {
  id: number;
  /** RFC 3339, as a ticket's. */
  at: string;
  /** Null when nobody told who acts. */
  by: Agent | null;
  /** By its declared name; or one of historyEvents. */
  field: string;
  from: string | null;
  to: string | null;
}

/** Of what is listed below a ticket, in the order in which it was stored. */
export interface BelowRequest {
  ticketId: number;
  /** 1 to 200. */
  pageSize: number;
  /** The one to go on after, in the direction of reading. */
  afterId: number | undefined;
  newestFirst: boolean;
}
