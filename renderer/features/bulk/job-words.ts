/** What a bulk change is in words: while it is asked for, while it goes on, once it has ended, and to be undone. */
import { type FieldName, fieldNames, fieldOf } from '../../../proto/ticket-fields.ts';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { isOneOf, toWords } from '../../state/form-values.ts';
import { counted, countText } from '../../state/locale.ts';

export interface JobWords {
  /** "Setting status to Completed", "Undoing status of 3 tickets to Completed" */
  doing: string;
  /** "Set status to Completed" */
  act: string;
  /** "status of 3,000 tickets to Completed" */
  what: string;
  /** "3,000 tickets changed" */
  ended: string;
}

type Content = Pick<BulkJob, 'changes' | 'addTags' | 'removeTags' | 'isDelete'>;

interface Act {
  verb: string;
  doing: string;
  object: string;
  of(tickets: string): string;
}

/**
 * @param jobs in which the one is looked for that this one undoes
 * @param nameOf an agent's, by the id
 */
export function jobWords(job: BulkJob, jobs: readonly BulkJob[], nameOf: (id: string) => string): JobWords {
  const { first, steps } = changeBehind(job, jobs);
  const acts = first ? actsOf(first, nameOf) : [unknownAct];
  const all = (words: (act: Act) => string) => acts.map(words).join(' and ');
  const whatOf = (tickets: number) => all(({ of }) => of(counted(tickets, 'ticket')));
  const what = whatOf(job.total);
  if (job.undoes !== null) {
    const verb = steps % 2 === 0 ? 'Redo' : 'Undo';
    const [doing, done] = [`${verb}ing ${what}`, verb === 'Redo' ? 'Redone' : 'Undone'];
    const ended =
      job.changed === 0 ? `Not ${done.toLowerCase()}: ${what}` : `${done}: ${whatOf(job.changed)}`;
    return { doing, act: doing, what, ended };
  }
  return {
    doing: all(({ doing, object }) => `${doing} ${object}`.trim()),
    act: all(({ verb, object }) => `${verb} ${object}`.trim()),
    what,
    ended: `${counted(job.changed, 'ticket')} ${job.isDelete ? 'deleted' : 'changed'}${otherwise(job)}`,
  };
}

/** Why it is fewer than were chosen. */
function otherwise({ done, changed }: BulkJob): string {
  const before = done - changed;
  if (before === 0) return '';
  return `, ${counted(before, 'was', 'were')} so already`;
}

/** The change that was undone, and perhaps done again, in so many steps; undefined where it is not known any more. */
function changeBehind(job: BulkJob, jobs: readonly BulkJob[]) {
  let first: BulkJob | undefined = job;
  let steps = 0;
  for (let { undoes } = job; undoes !== null; undoes = first?.undoes ?? null) {
    first = jobs.find(({ id }) => id === undoes);
    steps += 1;
  }
  return { first, steps };
}

const unknownAct: Act = { verb: '', doing: '', object: '', of: (tickets) => `a change of ${tickets}` };

function actsOf({ changes, addTags, removeTags, isDelete }: Content, nameOf: (id: string) => string): Act[] {
  return [
    ...(isDelete
      ? [{ verb: 'Delete', doing: 'Deleting', object: '', of: (tickets: string) => `deletion of ${tickets}` }]
      : []),
    ...changes.map(({ field, to }) => {
      const [label, value] = [labelOf(field), valueWords(field, to, nameOf)];
      const of = (tickets: string) => `${label} of ${tickets} to ${value}`;
      return { verb: 'Set', doing: 'Setting', object: `${label} to ${value}`, of };
    }),
    ...(addTags.length > 0
      ? [
          {
            ...{ verb: 'Add', doing: 'Adding', object: tags(addTags) },
            of: (tickets: string) => `${tags(addTags)} added to ${tickets}`,
          },
        ]
      : []),
    ...(removeTags.length > 0
      ? [
          {
            ...{ verb: 'Remove', doing: 'Removing', object: tags(removeTags) },
            of: (tickets: string) => `${tags(removeTags)} removed from ${tickets}`,
          },
        ]
      : []),
  ];
}

/** As many as a sentence has room for. */
const namedTags = 3;

function tags(list: readonly string[]): string {
  const named = list.slice(0, namedTags).join(', ');
  const others = list.length - namedTags;
  return `${list.length === 1 ? 'tag' : 'tags'} ${named}${others > 0 ? ` and ${countText(others)} more` : ''}`;
}

function labelOf(field: string): string {
  return isOneOf<FieldName>(fieldNames, field) ? fieldOf(field).label.toLowerCase() : field;
}

function valueWords(field: string, to: string | null | undefined, nameOf: (id: string) => string): string {
  if (!isOneOf<FieldName>(fieldNames, field)) return to ?? 'none';
  return toWords(field, to || null, nameOf);
}
