/**
 * Judges a run by what was asked and answered and by what the desk holds at the end, and by nothing else: it knows
 * neither the desk's insides nor what was broken. A checker of linearizability in general, as porcupine, has to search for an
 * order that explains all answers; here each write tells the version that it made, so the order is known and looking
 * at each operation once is enough.
 */
import { miscounts } from './check-counts.ts';
import {
  type FinalChange,
  type FinalComment,
  type FinalReads,
  type FinalTicket,
  isDone,
  type Operation,
} from './history.ts';

export const rules = {
  lost: 'answered, and not there',
  doubled: 'there more than once',
  disordered: 'stored before what was answered earlier',
  gap: 'a version or value that the history does not tell of',
  stale: 'read older than a write that had answered',
  overwritten: "somebody else's change lost without a clash",
  miscounted: 'a count of what was there at no moment',
  mistold: 'a job that told otherwise than it did',
  wrong: 'an answer that nothing explains',
} as const;
export type Rule = keyof typeof rules;

export interface Complaint {
  rule: Rule;
  words: string;
  /** Undefined: it is of no operation. */
  operation?: Operation;
}

/**
 * @param proxyKilledMs when the proxy lost all that it has not on its disk
 * @returns what must not have happened; empty: all is well
 */
export function check(
  operations: readonly Operation[],
  final: FinalReads,
  proxyKilledMs: readonly number[] = [],
): Complaint[] {
  const run = new Run(operations, final, proxyKilledMs);
  return [
    ...doubledTickets(run),
    ...operations.flatMap((operation) => run.judge(operation)),
    ...disordered(run),
    ...final.tickets.flatMap((ticket) => gaps(run, ticket)),
    ...deletions(run),
    ...miscounts(run).map((found) => ({ rule: 'miscounted' as const, ...found })),
  ];
}

/** Of a kind, the field that its texts are written to. */
const fieldOf: Partial<Record<Operation['kind'], string>> = {
  update: 'description',
  status: 'status',
  'edit comment': 'comment',
};

class Run {
  readonly tickets: ReadonlyMap<number | string, FinalTicket>;
  readonly titles: ReadonlyMap<string, FinalTicket[]>;
  readonly changes: ReadonlyMap<number, FinalChange[]>;
  readonly #written: ReadonlyMap<string, FinalChange[]>;
  readonly #comments: ReadonlyMap<string, FinalComment[]>;
  readonly #bodies: ReadonlyMap<string, FinalComment[]>;
  readonly #made: ReadonlyMap<string, FinalReads['requests'][number][]>;
  readonly #tagged: ReadonlyMap<string, FinalChange[]>;
  readonly #back: ReadonlySet<string>;
  readonly #ofTicket: ReadonlyMap<number, Operation[]>;
  readonly #versions = new Map<number, { atMs: number; version: number }[]>();

  constructor(
    readonly operations: readonly Operation[],
    readonly final: FinalReads,
    readonly proxyKilledMs: readonly number[],
  ) {
    this.tickets = new Map<number | string, FinalTicket>(
      final.tickets.flatMap((one) => [
        [one.id, one] as const,
        ...(one.requestId === null ? [] : [[one.requestId, one] as const]),
      ]),
    );
    this.titles = grouped(final.tickets, ({ values }) => values.title ?? '');
    this.changes = grouped(final.changes, ({ ticketId }) => ticketId);
    this.#written = grouped(final.changes, ({ field, to }) => `${field}: ${to}`);
    this.#comments = grouped(final.comments, ({ requestId }) => requestId);
    this.#bodies = grouped(final.comments, ({ body }) => body);
    this.#made = grouped(final.requests, ({ requestId }) => requestId);
    this.#back = new Set(final.backWithAuthor);
    const ofTags = final.changes.filter(({ field }) => field === 'tags');
    const newOrGone = ofTags.flatMap((change) => movedTags(change).map((tag) => ({ tag, change })));
    this.#tagged = new Map(
      [...grouped(newOrGone, ({ tag }) => tag)].map(([tag, all]) => [tag, all.map(({ change }) => change)]),
    );
    const writes = operations.filter(({ kind }) => kind !== 'read' && kind !== 'count');
    this.#ofTicket = grouped(writes, (one) => this.idOf(one) ?? 0);
    for (const [id, ofTicket] of this.#ofTicket) this.#versions.set(id, answeredVersions(ofTicket));
  }

  idOf({ ticket, requestId, kind }: Operation): number | undefined {
    return this.tickets.get((kind === 'create' ? requestId : ticket) ?? '')?.id;
  }

  of(id: number | undefined, kind: Operation['kind']): Operation[] {
    return (id === undefined ? [] : (this.#ofTicket.get(id) ?? [])).filter((one) => one.kind === kind);
  }

  /** That a change, or the adding of a comment, has made. */
  versionOf({ requestId = '', kind, answer }: Operation): number | undefined {
    if (kind !== 'comment') return this.#made.get(requestId)?.[0]?.version ?? answer?.version;
    const [comment] = this.#comments.get(requestId) ?? [];
    return comment && this.#written.get(`COMMENTED: ${comment.id}`)?.[0]?.version;
  }

  judge(operation: Operation): Complaint[] {
    const complain = (rule: Rule, words: string): Complaint[] => [{ rule, words, operation }];
    switch (operation.answer?.state) {
      case 'WRONG':
        return complain('wrong', operation.answer.told ?? '');
      case 'REFUSED':
        return this.#mayBeRefused(operation) ? [] : complain('wrong', 'refused, as if the ticket were gone');
      case 'CLASH':
        return this.#mayClash(operation) ? [] : complain('wrong', 'a clash, and nobody else changed it');
      default:
    }
    if (operation.kind === 'read')
      return this.#readsOf(operation).flatMap((words) => complain('stale', words));
    if (operation.kind === 'bulk' || operation.kind === 'undo') return this.#judgeJob(operation);
    if (operation.kind === 'count') return [];
    const count = this.#timesDone(operation);
    const overwritten = isDone(operation) ? this.#overwritten(operation) : [];
    if (
      operation.kind === 'import' &&
      isDone(operation) &&
      operation.answer?.count !== operation.texts?.length
    ) {
      return complain('mistold', operation.answer?.told ?? '');
    }
    if (overwritten.length > 0) return complain('overwritten', overwritten.join(', '));
    if (count.most > 1) return complain('doubled', `${count.most} times`);
    if (!isDone(operation) || count.least > 0 || this.#mayBeBack(operation)) return [];
    const { requestId = '', expectedVersion = 'any', answer } = operation;
    const place = this.#back.has(requestId) ? 'back with its author' : 'nowhere';
    return complain('lost', `${JSON.stringify(answer)} on version ${expectedVersion}, now ${place}`);
  }

  /** How often what it was to write is there, of its texts the one that is there least and the one that is most often. */
  #timesDone(operation: Operation): { least: number; most: number } {
    const { kind, requestId = '', texts = [] } = operation;
    const id = this.idOf(operation);
    const times = (text: string): number => {
      switch (kind) {
        case 'create':
          return (this.titles.get(text) ?? []).filter((one) => one.requestId === requestId).length;
        case 'import':
          return (this.titles.get(text) ?? []).length;
        case 'comment': {
          const stored = (this.#comments.get(requestId) ?? []).filter(({ ticketId }) => ticketId === id);
          return Math.max(stored.length, (this.#bodies.get(text) ?? []).length);
        }
        case 'status':
          return (this.#made.get(requestId) ?? []).filter(({ ticketId }) => ticketId === id).length;
        case 'delete comment':
          return (this.#comments.get(text) ?? []).filter(({ isDeleted }) => isDeleted).length;
        default: {
          const found = this.#written.get(`${fieldOf[kind]}: ${text}`) ?? [];
          return found.filter(({ ticketId }) => ticketId === id).length;
        }
      }
    };
    const all = texts.map(times);
    // Without a text it is counted with the others of its ticket.
    return all.length === 0 ? { least: 1, most: 1 } : { least: Math.min(...all), most: Math.max(...all) };
  }

  /** It was queued, can't be made any more, and its author has been told. */
  #mayBeBack(operation: Operation): boolean {
    if (operation.answer?.state !== 'QUEUED' || !this.#back.has(operation.requestId ?? '')) return false;
    return this.of(this.idOf(operation), 'delete').length > 0 || this.#mayClash(operation);
  }

  #mayClash(operation: Operation): boolean {
    return this.#overtaking(operation).length > 0 || this.#isForgotten(operation);
  }

  /** What is stored has left the disk: a proxy that was killed since takes an earlier change of the same author for another's. */
  #isForgotten(operation: Operation): boolean {
    const { kind, expectedVersion = Infinity, askedMs, answeredMs = Infinity } = operation;
    return this.of(this.idOf(operation), kind).some((earlier) => {
      if (earlier.askedMs >= askedMs || (this.versionOf(earlier) ?? 0) <= expectedVersion) return false;
      return this.proxyKilledMs.some((atMs) => atMs > earlier.askedMs && atMs < answeredMs);
    });
  }

  #mayBeRefused(operation: Operation): boolean {
    const { kind, askedMs, answeredMs = Infinity } = operation;
    const id = this.idOf(operation);
    const others = (of: Operation['kind']) =>
      this.of(id, of).filter((one) => one !== operation && one.askedMs < answeredMs);
    const deletes = others('delete');
    if (kind === 'create') return false;
    if (kind !== 'restore') return deletes.length > 0 || id === undefined;
    return (
      others('restore').length > 0 || !deletes.some((one) => isDone(one) && (one.answeredMs ?? 0) < askedMs)
    );
  }

  /** What others have changed of the same field since the version that it was made on, up to the one that it made. */
  #overtaking(operation: Operation, before = Infinity): FinalChange[] {
    const { kind, expectedVersion, askedMs } = operation;
    const id = this.idOf(operation);
    if (expectedVersion === undefined || id === undefined) return [];
    // What waited on the same disk with it is no other's: who made it later knew it.
    const waited = new Set(
      [...this.of(id, 'update'), ...this.of(id, 'status')]
        .filter(({ requestId, answer, answeredMs = Infinity }) => {
          return requestId !== undefined && !(answer?.state === 'STORED' && answeredMs < askedMs);
        })
        .map((one) => this.versionOf(one)),
    );
    return (this.changes.get(id) ?? []).filter(({ field, version }) => {
      return field === fieldOf[kind] && version > expectedVersion && version < before && !waited.has(version);
    });
  }

  #overwritten(operation: Operation): string[] {
    const made = this.versionOf(operation);
    if (made === undefined) return [];
    return this.#overtaking(operation, made).map(
      ({ version, field, to }) => `${field} "${to}" of ${version}`,
    );
  }

  #readsOf(operation: Operation): string[] {
    const { ticket, answer } = operation;
    if (!answer) return [];
    if (answer.seen) return answer.seen.flatMap(({ id, version }) => this.#read(operation, id, version));
    return typeof ticket === 'number' ? this.#read(operation, ticket, answer.version) : [];
  }

  /** Its delete had answered before, and no restore can have brought it back by then. */
  mustBeGone({ askedMs, answeredMs = Infinity }: Operation, id: number): boolean {
    const mayBeBack = (gone: Operation) => (back: Operation) =>
      back.askedMs < answeredMs && (back.answeredMs ?? Infinity) > gone.askedMs;
    return this.of(id, 'delete').some(
      (gone) =>
        isDone(gone) &&
        (gone.answeredMs ?? Infinity) < askedMs &&
        !this.of(id, 'restore').some(mayBeBack(gone)),
    );
  }

  #read(operation: Operation, id: number, version: number | undefined): string[] {
    const { askedMs, answeredMs = Infinity } = operation;
    if (version === undefined) {
      const mayBeGone = this.of(id, 'delete').some((gone) => {
        const isBack = (back: Operation) =>
          isDone(back) && (gone.answeredMs ?? Infinity) < back.askedMs && (back.answeredMs ?? 0) < askedMs;
        return gone.askedMs < answeredMs && !this.of(id, 'restore').some(isBack);
      });
      return mayBeGone || !this.tickets.has(id) ? [] : [`ticket ${id} was not there`];
    }
    if (this.mustBeGone(operation, id))
      return [`ticket ${id} was there at version ${version}, after its delete`];
    const floor = highestBefore(this.#versions.get(id) ?? [], askedMs);
    return version < floor ? [`ticket ${id} was at version ${version}, after ${floor}`] : [];
  }

  /** A job gives tickets a tag of its own, or its undo takes it from them again: each once, and as many as it tells. */
  #judgeJob(operation: Operation): Complaint[] {
    const { kind, texts: [tag = ''] = [], answer } = operation;
    if (!isDone(operation)) return [];
    const written = (this.#tagged.get(tag) ?? []).filter(
      ({ from }) => tagsOf(from).includes(tag) === (kind === 'undo'),
    );
    const isOnce = new Set(written.map(({ ticketId }) => ticketId)).size === written.length;
    if (isOnce && written.length === answer?.count) return [];
    return [
      { rule: isOnce ? 'mistold' : 'doubled', words: `${answer?.told} wrote ${written.length}`, operation },
    ];
  }
}

function tagsOf(tags: string | null): string[] {
  return tags?.split(', ') ?? [];
}

function movedTags({ from, to }: FinalChange): string[] {
  const [before, after] = [tagsOf(from), tagsOf(to)];
  return [...after.filter((tag) => !before.includes(tag)), ...before.filter((tag) => !after.includes(tag))];
}

/** The versions that writes of a ticket had told by then: each the highest so far. */
function answeredVersions(operations: readonly Operation[]): { atMs: number; version: number }[] {
  let version = 1;
  return operations
    .flatMap(({ answeredMs, answer }) =>
      answeredMs !== undefined && answer?.state === 'STORED' && answer.version
        ? [{ atMs: answeredMs, version: answer.version }]
        : [],
    )
    .sort((one, other) => one.atMs - other.atMs)
    .map((one) => {
      version = Math.max(version, one.version);
      return { atMs: one.atMs, version };
    });
}

function highestBefore(versions: readonly { atMs: number; version: number }[], timeMs: number): number {
  return versions.findLast(({ atMs }) => atMs < timeMs)?.version ?? 1;
}

function doubledTickets({ final, titles }: Run): Complaint[] {
  const requests = grouped(
    final.tickets.filter(({ requestId }) => requestId !== null),
    ({ requestId }) => requestId ?? '',
  );
  return [...titles, ...requests].flatMap(([key, all]): Complaint[] =>
    all.length > 1
      ? [{ rule: 'doubled', words: `tickets ${all.map(({ id }) => id).join(', ')}: ${key}` }]
      : [],
  );
}

/** What waits on the disk of a proxy goes out, of one ticket, in the order in which it was answered. */
function disordered(run: Run): Complaint[] {
  const queued = run.operations.filter(
    (one) => isDone(one) && one.requestId && ['update', 'status', 'comment'].includes(one.kind),
  );
  return [...grouped(queued, (one) => run.idOf(one) ?? 0).values()].flatMap((ofTicket) => {
    const versions = ofTicket.map((operation) => ({ operation, version: run.versionOf(operation) }));
    return versions.flatMap(({ operation, version = Infinity }): Complaint[] => {
      const overtaken = versions.find(
        (earlier) =>
          (earlier.operation.answeredMs ?? Infinity) < operation.askedMs && (earlier.version ?? 0) >= version,
      );
      if (!overtaken) return [];
      const words = `version ${version}, but ${overtaken.operation.texts?.[0]} before it ${overtaken.version}`;
      return [{ rule: 'disordered', words, operation }];
    });
  });
}

/** Each version has its lines, one after the other, and they lead to the ticket as it is. */
function gaps(run: Run, { id, version: last, values, isDeleted, isAdopted }: FinalTicket): Complaint[] {
  const changes = run.changes.get(id) ?? [];
  const complain = (words: string): Complaint => ({ rule: 'gap', words: `ticket ${id} ${words}` });
  const told = new Set(changes.map(({ version }) => version));
  // A status that it had already is a version with nothing to tell.
  const unchanged = new Set(run.of(id, 'status').map((one) => run.versionOf(one)));
  const missing = Array.from({ length: last }, (_, at) => at + 1).filter(
    (version) => !told.has(version) && !unchanged.has(version),
  );
  const beyond = [...told].filter((version) => version > last);
  const said = new Map(changes.map(({ field, to }) => [field, to]));
  const others = isDeleted ? [] : [...said].filter(([field, to]) => field in values && values[field] !== to);
  return [
    // To become a create's own changes nothing that a ticket says.
    ...missing.slice(isAdopted ? 1 : 0).map((version) => complain(`has no history of version ${version}`)),
    ...beyond.map((version) => complain(`is at ${last}, and its history at ${version}`)),
    ...others.map(([field, to]) => complain(`has the ${field} "${values[field]}", its history "${to}"`)),
  ];
}

/** Deletes and restores write no text, so they are counted: as many as were answered, and no more than were asked. */
function deletions(run: Run): Complaint[] {
  return run.final.tickets.flatMap(({ id }) =>
    (['delete', 'restore'] as const).flatMap((kind): Complaint[] => {
      const asked = run.of(id, kind);
      const answered = asked.filter(isDone).length;
      const mark = kind === 'delete' ? 'DELETED' : 'RESTORED';
      const made = (run.changes.get(id) ?? []).filter(({ field }) => field === mark).length;
      if (made >= answered && made <= asked.length) return [];
      const words = `ticket ${id}: ${made} times ${mark}, asked ${asked.length} times and answered ${answered}`;
      return [{ rule: made < answered ? 'lost' : 'doubled', words }];
    }),
  );
}

function grouped<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
