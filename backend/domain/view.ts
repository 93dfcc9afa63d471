/** A search that is kept under a name, with the order and the columns in which what it finds is shown. */
import { columnRule, limits, viewKeyPattern, viewNameRule } from '../../proto/checks.ts';
import { type Problem, queryProblem, requestIdProblem, type TicketOrder, textProblemOf } from './ticket.ts';
import { listProblem } from './ticket-filter.ts';

/** What is saved of a view. */
export interface ViewContent {
  /** Without blanks around it. */
  name: string;
  /** Everybody sees and changes it; otherwise only its owner. */
  shared: boolean;
  /** In the language of proto/search-language.ts. */
  query: string;
  order: TicketOrder;
  /** The columns that are shown; none: the person's own choice. */
  columns: readonly string[];
  /** A letter or digit that leads to it. */
  key: string | null;
}

export interface View extends ViewContent {
  /** A UUID. */
  id: string;
  /** 1 when it is new, one more with every change. */
  version: number;
  /** RFC 3339, as a ticket's. */
  updatedAt: string;
}

export interface ViewToSave extends ViewContent {
  id: string;
  /** Of the view that is changed; undefined: it is new. */
  expectedVersion: number | undefined;
}

/** The first thing wrong with a view, if anything is. */
export function viewProblem({
  id,
  name,
  query,
  columns,
  key,
  expectedVersion,
}: ViewToSave): Problem | undefined {
  return (
    requestIdProblem(id, 'id') ??
    textProblemOf('name', name, viewNameRule) ??
    queryProblem(query) ??
    listProblem('columns', columns, limits.maxColumns) ??
    columns.map((column) => textProblemOf('columns', column, columnRule)).find(Boolean) ??
    keyProblem(key) ??
    versionProblem(expectedVersion)
  );
}

function keyProblem(key: string | null): Problem | undefined {
  if (key === null || viewKeyPattern.test(key)) return undefined;
  return { field: 'key', message: 'key must be one letter from a to z or one digit. Leave it out for none.' };
}

function versionProblem(version: number | undefined): Problem | undefined {
  if (version === undefined || (Number.isInteger(version) && version >= 1)) return undefined;
  return { field: 'expectedVersion', message: 'expectedVersion must be 1 or more.' };
}
