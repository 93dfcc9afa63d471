/**
 * Judges counts: at the end each is exact. While tickets change it lies between those that must have been found and those that
 * may have been, as each ticket was in one of the versions that it can have had meanwhile.
 */
import { limits } from '../../proto/checks.ts';
import type { CountFilter, FinalChange, FinalReads, FinalTicket, Operation, ToldCount } from './history.ts';

/** What is known of a run. */
interface KnownRun {
  operations: readonly Operation[];
  final: FinalReads;
  changes: ReadonlyMap<number, readonly FinalChange[]>;
  idOf(operation: Operation): number | undefined;
  versionOf(operation: Operation): number | undefined;
  mustBeGone(operation: Operation, id: number): boolean;
}

interface Miscount {
  words: string;
  operation?: Operation;
}

type Values = FinalTicket['values'];

interface TicketLife {
  id: number;
  /** Of each version, the first one first; undefined: it was deleted. */
  versions: (Values | undefined)[];
  /** Versions that were told, and when. */
  told: { atMs: number; version: number }[];
  /** Versions that were not there before. */
  asked: { atMs: number; version: number }[];
}

/** Every count is held against every ticket: of a long run as many are judged, evenly, as take some seconds. */
const mostLooks = 2_000_000;

export function miscounts(run: KnownRun): Miscount[] {
  const tickets = livesOf(run);
  const counted = run.operations.filter(({ answer }) => answer?.counts);
  const step = Math.max(1, Math.ceil((counted.length * tickets.length) / mostLooks));
  const judged = counted.filter((_, at) => at % step === 0);
  const during = judged.flatMap((operation) => {
    const { answer, askedMs, answeredMs = Infinity } = operation;
    const possible = tickets.map((life) => possibleVersions(life, askedMs, answeredMs));
    const there = possible.filter(({ id }) => !run.mustBeGone(operation, id));
    return (answer?.counts ?? []).flatMap((told): Miscount[] => {
      const least = there.filter(
        ({ isKnown, values }) => isKnown && values.every((one) => fits(told.filter, one)),
      );
      const most = there.filter(({ values }) => values.some((one) => fits(told.filter, one)));
      const words = differs(told, { least: least.length, most: most.length });
      return words === undefined ? [] : [{ words, operation }];
    });
  });
  const atTheEnd = run.final.counts.flatMap(({ by, ...told }) => {
    const { length } = run.final.tickets.filter(
      ({ isDeleted, values }) => !isDeleted && fits(told.filter, values),
    );
    const words = differs(told, { least: length, most: length });
    return words === undefined ? [] : [{ words: `${by} at the end: ${words}` }];
  });
  return [...during, ...atTheEnd];
}

function fits({ description = '', status }: CountFilter, values: Values | undefined): boolean {
  if (!values || (status !== undefined && values.status !== status)) return false;
  return (values.description ?? '').startsWith(description);
}

function differs(
  { filter, count, exact }: ToldCount,
  { least, most }: { least: number; most: number },
): string | undefined {
  const isRight = exact ? count >= least && count <= most : most > limits.maxCount;
  if (isRight) return undefined;
  const range = least === most ? `${least}` : `${least} to ${most}`;
  return `${exact ? '' : 'more than '}${count} of ${JSON.stringify(filter)}, where there were ${range}`;
}

function livesOf(run: KnownRun): TicketLife[] {
  const lives = new Map(
    run.final.tickets.map((ticket): [number, TicketLife] => {
      const versions = versionsOf(ticket, run.changes.get(ticket.id) ?? []);
      return [ticket.id, { id: ticket.id, versions, told: [], asked: [] }];
    }),
  );
  for (const operation of run.operations) {
    const { kind, askedMs, answeredMs: atMs = Infinity, answer } = operation;
    const own = { id: run.idOf(operation) ?? 0, version: answer?.version };
    for (const { id, version } of [own, ...(answer?.seen ?? [])]) {
      if (version !== undefined) lives.get(id)?.told.push({ atMs, version });
    }
    if (kind === 'read') continue;
    const version = kind === 'create' ? 1 : run.versionOf(operation);
    if (version !== undefined) lives.get(own.id)?.asked.push({ atMs: askedMs, version });
  }
  return [...lives.values()];
}

/** From how it is at the end back to how it began. */
function versionsOf(ticket: FinalTicket, changes: readonly FinalChange[]): TicketLife['versions'] {
  const versions: TicketLife['versions'] = [];
  let values = ticket.values;
  let isThere = !ticket.isDeleted;
  for (let version = ticket.version; version > 0; version -= 1) {
    versions.unshift(isThere ? values : undefined);
    for (const { field, from } of changes.filter((one) => one.version === version)) {
      if (field === 'DELETED' || field === 'RESTORED') isThere = field === 'DELETED';
      else if (field in values) values = { ...values, [field]: from };
    }
  }
  return versions;
}

function possibleVersions({ id, versions, told, asked }: TicketLife, fromMs: number, toMs: number) {
  const before = told.filter(({ atMs }) => atMs < fromMs).map(({ version }) => version);
  const after = asked.filter(({ atMs }) => atMs > toMs).map(({ version }) => version);
  const values = versions.slice(Math.max(1, ...before) - 1, Math.min(Infinity, ...after) - 1);
  return { id, isKnown: before.length > 0, values };
}
