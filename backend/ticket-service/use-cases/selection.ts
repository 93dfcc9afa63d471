/** What a request asks of tickets, read: the words of its text, and the terms of its search in whoever's words asks. */
import type { QueryProblem, SearchTerm } from '../../../proto/search-language.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';
import { readSearch } from '../../domain/search.ts';
import { refuse } from '../../domain/ticket.ts';
import { inBoth, type TicketFilter } from '../../domain/ticket-filter.ts';
import type { TicketSelection, TicketStore } from '../store/ticket-store.ts';

export interface ReadFilter {
  selection: TicketSelection;
  /** What can't be read of the search, which is left out. */
  problems: readonly QueryProblem[];
  /** It selects others later, though no ticket has changed: no answer to it may be kept. */
  dependsOnTime: boolean;
}

/** @param filter one without a problem @param me who asks */
export async function readFilter(
  store: Pick<TicketStore, 'agents'>,
  { text, query, timeZone, ...filter }: TicketFilter,
  me: Agent | undefined,
): Promise<ReadFilter> {
  if (text === undefined && query === undefined)
    return { selection: filter, problems: [], dependsOnTime: false };
  // Only a term with a value can name one.
  const agents = query?.includes(':') ? await store.agents() : [];
  const { terms, ...rest } = readSearch({ text, query, timeZone }, { me: me?.id ?? null, agents });
  return { ...rest, selection: withStatuses(filter, terms) };
}

/**
 * What a filter selects, for what must not reach more than was meant: left out, as in a list, an unread term would.
 * @throws DeskError BAD_USER_INPUT on `query`
 */
export async function readWhole(
  store: Pick<TicketStore, 'agents'>,
  filter: TicketFilter,
  me: Agent | undefined,
): Promise<TicketSelection> {
  const { selection, problems } = await readFilter(store, filter, me);
  const [problem] = problems;
  if (problem) refuse({ field: 'query', message: `The search can't be read whole: ${problem.message}` });
  return selection;
}

/** Statuses are walked one by one, whichever part of a request asks for them, and are no term any more then. */
function withStatuses(filter: TicketSelection, terms: readonly SearchTerm[]): TicketSelection {
  let { statuses } = filter;
  const others: SearchTerm[] = [];
  for (const term of terms) {
    if (term.kind === 'choice' && term.field === 'status')
      statuses = inBoth(statuses, term.isNot ? allBut(term.values) : term.values);
    else others.push(term);
  }
  return { ...filter, statuses, terms: others };
}

function allBut(statuses: readonly string[]): string[] {
  return ticketFields.status.choices.filter((status) => !statuses.includes(status));
}
