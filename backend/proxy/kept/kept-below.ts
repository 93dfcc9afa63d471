/** What is listed below kept tickets, comments and history, by the page that was asked for. */
import type { BelowRequest } from '../../domain/conversation.ts';
import type { BelowPage } from '../client/types.ts';
import type { Kept } from './kept.ts';

export type BelowKind = 'comments' | 'history';

/** For a page of what is listed below a ticket. */
export interface BelowQuestion {
  kind: BelowKind;
  request: BelowRequest;
}

interface Below extends BelowQuestion {
  page: BelowPage<unknown>;
}

const prefix = 'below/';
const prefixOf = (ticketId: number) => `${prefix}${ticketId}/`;

function nameOf({ kind, request }: BelowQuestion): string {
  const { ticketId, newestFirst, afterId = 0, pageSize } = request;
  return `${prefixOf(ticketId)}${kind}/${newestFirst}/${pageSize}/${afterId}`;
}

export function createKeptBelow(kept: Kept) {
  const all = (prefix: string) => kept.all(prefix).map(({ value }) => value as Below);
  /** Most tickets that change were never opened. */
  const opened = new Set(all(prefix).map(({ request }) => request.ticketId));

  return {
    take({ kind, request }: BelowQuestion, page: BelowPage<unknown>): void {
      opened.add(request.ticketId);
      kept.keep(nameOf({ kind, request }), { kind, request, page } satisfies Below);
    },

    page<Node>(question: BelowQuestion): BelowPage<Node> | undefined {
      const below = kept.get(nameOf(question))?.value as Below | undefined;
      return below?.page as BelowPage<Node> | undefined;
    },

    remove(ticketId: number): void {
      for (const below of all(prefixOf(ticketId))) kept.forget(nameOf(below));
    },

    /** Those whose answers can have changed with the ticket: for an end of what is listed. */
    questions(ticketId: number): BelowQuestion[] {
      if (!opened.has(ticketId)) return [];
      return all(prefixOf(ticketId))
        .filter(({ request }) => request.afterId === undefined)
        .map(({ kind, request }) => ({ kind, request }));
    },
  };
}
