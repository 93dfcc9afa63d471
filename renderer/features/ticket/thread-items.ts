/** Comments and changes as one thread: the rules without the page. */
import { compareTexts } from '../../../proto/ticket-order.ts';
import type { CommentFieldsFragment, TicketThreadQuery } from '../../graphql/generated/operations.ts';

export type Change = NonNullable<TicketThreadQuery['ticket']>['history']['edges'][number]['node'];

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** The newest of a list, oldest first. */
export interface Page<Node> {
  edges: Edge<Node>[];
  hasEarlier: boolean;
}

export type ThreadItem =
  | { kind: 'comment'; key: string; at: string; comment: CommentFieldsFragment }
  /** Changes of one agent between two comments. */
  | { kind: 'changes'; key: string; at: string; by: Change['by']; changes: Change[] };

/** The newest page, read again, in place of the one that is shown; earlier pages stay. */
export function newestOver<Node>(shown: Page<Node>, newest: Page<Node>): Page<Node> {
  const first = Number(newest.edges[0]?.cursor ?? Number.POSITIVE_INFINITY);
  const earlier = newest.hasEarlier ? shown.edges.filter(({ cursor }) => Number(cursor) < first) : [];
  const hasEarlier = earlier.length > 0 ? shown.hasEarlier : newest.hasEarlier;
  return { edges: [...earlier, ...newest.edges], hasEarlier };
}

/** That somebody commented is told by the comment itself. */
const isToldElsewhere = ({ field }: Change) => field === 'COMMENTED';

/** In the order of time, without what is older than something that was not read yet. */
export function threadOf(comments: Page<CommentFieldsFragment>, changes: Page<Change>): ThreadItem[] {
  const items: ThreadItem[] = [
    ...comments.edges.map(({ cursor, node }) => ({
      kind: 'comment' as const,
      key: `comment-${cursor}`,
      at: node.createdAt,
      comment: node,
    })),
    ...changes.edges
      .filter(({ node }) => !isToldElsewhere(node))
      .map(({ cursor, node }) => ({
        kind: 'changes' as const,
        key: `change-${cursor}`,
        at: node.at,
        by: node.by ?? null,
        changes: [node],
      })),
  ].sort((a, b) => compareTexts(a.at, b.at));
  const oldestRead = [
    comments.hasEarlier ? comments.edges[0]?.node.createdAt : undefined,
    changes.hasEarlier ? changes.edges[0]?.node.at : undefined,
  ].reduce((latest = '', at = '') => (at > latest ? at : latest), '');
  return items.filter(({ at }) => at >= (oldestRead ?? '')).reduce(withItem, []);
}

/** A run of one agent's changes is one item. */
function withItem(items: ThreadItem[], item: ThreadItem): ThreadItem[] {
  const last = items.at(-1);
  if (item.kind === 'changes' && last?.kind === 'changes' && last.by?.id === item.by?.id) {
    return [...items.slice(0, -1), { ...last, changes: [...last.changes, ...item.changes] }];
  }
  return [...items, item];
}
