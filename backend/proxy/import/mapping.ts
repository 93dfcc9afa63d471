/** Which column of a file says what of a ticket: as it is proposed by the heads of the columns, and as it is chosen. */
import { fieldNames, fieldOf, partLabel } from '../../../proto/ticket-fields.ts';
import { DeskError } from '../../errors.ts';
import { threadParts, ticketParts } from '../export/format.ts';

/** What an export says of a ticket, by the names that it has there. */
export const parts = [...ticketParts, ...threadParts] as const;
export type Part = (typeof parts)[number];

export interface Source {
  part: Part;
  /** From 0; null: none. */
  column: number | null;
  /** What it says where there is no column or the cell is empty; of a choice and an assignee, of a word that is not known, too. Null: nothing. */
  otherwise: string | null;
}

/** What a file of another program can say. The rest has forms of our own. */
const foreignParts: readonly Part[] = parts.filter(
  (part) => !['assigneeId', 'version', 'requestId', 'comments', 'history'].includes(part),
);

/** What other programs call it, without regard to case, blanks and signs. */
const otherHeads: Partial<Record<Part, string>> = {
  id: 'number ticketid ticketnumber no nr',
  title: 'subject summary headline issue topic',
  description: 'body text details content message notes',
  name: 'requester requestername reporter customer contact from raisedby openedby requestedby reportedby createdby submitter',
  status: 'state ticketstatus stage',
  priority: 'prio urgency severity importance',
  assignee: 'owner agent assignedto assigneename responsible technician',
  dueAt: 'due duedate deadline dueby',
  tags: 'tag labels label keywords categories category',
  createdAt: 'created creationdate createddate createdon opened openedat date datecreated',
  updatedAt: 'updated lastmodified modified modifiedat changed updateddate updatedon dateupdated lastupdated',
};

const plain = (head: string) => head.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Of each column at most one part, of each part at most one column: the first by an own name, or else by another's. */
export function proposeMapping(columns: readonly string[]): Source[] {
  const heads = columns.map(plain);
  const taken = new Set<number>();
  const find = (names: readonly string[]) => {
    const column = heads.findIndex((head, at) => !taken.has(at) && names.includes(head));
    if (column !== -1) taken.add(column);
    return column;
  };
  const named = partsOf(columns);
  const own = named.map((part) => find([plain(part)]));
  return named.map((part, at) => {
    const column = own[at] === -1 ? find((otherHeads[part] ?? '').split(' ')) : (own[at] ?? -1);
    return { part, column: column === -1 ? null : column, otherwise: null };
  });
}

/** Whether it is an export of a desk, of which every column says what its head says. */
export function isOwn(columns: readonly string[]): boolean {
  return ticketParts.every((part, at) => columns[at] === part);
}

function partsOf(columns: readonly string[]): readonly Part[] {
  return isOwn(columns) ? parts : foreignParts;
}

/** @throws DeskError BAD_USER_INPUT */
export function checkedMapping(
  given: readonly {
    part: string;
    column?: number | null | undefined;
    otherwise?: string | null | undefined;
  }[],
  columns: readonly string[],
): Source[] {
  const named = partsOf(columns);
  const sources = given.map(({ part, column = null, otherwise = null }): Source => {
    const known = named.find((each) => each === part);
    if (!known) return refuse('part', `part must be one of ${named.join(', ')}.`);
    if (column !== null && !(column in columns))
      return refuse('column', `column must be from 0 to ${columns.length - 1}.`);
    return { part: known, column, otherwise };
  });
  const twice = sources.find(({ part }, at) => sources.findIndex((other) => other.part === part) !== at);
  if (twice) refuse('part', `The mapping names ${twice.part} twice.`);
  for (const part of neededParts) {
    if (!sources.some((source) => source.part === part && (source.column !== null || source.otherwise)))
      refuse(
        'mapping',
        `Every ticket needs a ${partLabel(part).toLowerCase()}: choose its column, or what stands there otherwise.`,
      );
  }
  return named.map(
    (part) => sources.find((source) => source.part === part) ?? { part, column: null, otherwise: null },
  );
}

const neededParts = fieldNames.filter((name) => {
  const field = fieldOf(name);
  return field.kind === 'text' && !field.mayBeEmpty;
});

function refuse(field: string, message: string): never {
  throw new DeskError('BAD_USER_INPUT', message, { field });
}
