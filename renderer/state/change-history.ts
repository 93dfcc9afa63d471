/** What was done in this window and can be undone, and what was undone and can be done again: for an hour, and over a reload. */
import { ofThisTab } from './web-storage.ts';

export interface Change {
  /** Of one ticket, by its request; or of many, by the job. */
  way: 'ticket' | 'bulk';
  /** The request's id, or the job's. */
  id: string;
  /** The id under which it is undone: however often that is sent, it is undone once. */
  undoId: string;
  /** "status of #12 to Completed" */
  what: string;
  /** When it was made, in milliseconds since 1970. */
  atMs: number;
  /** The one ticket. */
  ticketId?: number;
  does?: 'deletes' | 'restores';
  /** The change took the ticket out of the list; Undo shows it again. */
  leaves?: boolean;
}

export type Side = 'done' | 'undone';
type Sides = { readonly [S in Side]: readonly Change[] };

const keptMs = 60 * 60 * 1000;
const maxChanges = 100;
const nothing: Sides = { done: [], undone: [] };

export interface HistoryPlace {
  read(): string | null;
  write(text: string): void;
}

const name = 'ticket-desk-changes';

/** This window's own: it outlives a reload, and ends with the window. */
const windowPlace: HistoryPlace = {
  read: () => ofThisTab.read(name),
  write: (text) => ofThisTab.write(name, text),
};

export class ChangeHistory {
  readonly #place: HistoryPlace;
  readonly #now: () => number;
  #sides: Sides;

  /** @param now milliseconds since 1970 */
  constructor(place: HistoryPlace = windowPlace, now: () => number = Date.now) {
    this.#place = place;
    this.#now = now;
    this.#sides = parsed(place.read());
  }

  /** What was undone before can't be done again over it. */
  made(change: Change): void {
    this.#set({ done: [...this.#sides.done, change].slice(-maxChanges), undone: [] });
  }

  /** The last of the last hour. */
  latest(side: Side): Change | undefined {
    return this.#sides[side].findLast(({ atMs }) => this.#now() - atMs < keptMs);
  }

  /** Of those that can be undone. */
  find(id: string): Change | undefined {
    return this.#sides.done.find((change) => change.id === id);
  }

  /** Takes it out, as it is about to be undone or done again; false when it is there no more. */
  take(side: Side, change: Change): boolean {
    const left = this.#sides[side].filter(({ id }) => id !== change.id);
    const isThere = left.length < this.#sides[side].length;
    this.#set({ ...this.#sides, [side]: left });
    return isThere;
  }

  /** In its place in the order of time. */
  put(side: Side, change: Change): void {
    const all = [...this.#sides[side], change].sort((a, b) => a.atMs - b.atMs);
    this.#set({ ...this.#sides, [side]: all.slice(-maxChanges) });
  }

  /** It has done nothing after all, so there is nothing to undo or to do again. */
  drop(id: string): void {
    const others = (side: Side) => this.#sides[side].filter((change) => change.id !== id);
    this.#set({ done: others('done'), undone: others('undone') });
  }

  forget(): void {
    this.#set(nothing);
  }

  #set(sides: Sides): void {
    this.#sides = sides;
    this.#place.write(JSON.stringify(sides));
  }
}

function parsed(text: string | null): Sides {
  try {
    return { ...nothing, ...(JSON.parse(text ?? '{}') as Partial<Sides>) };
  } catch {
    return nothing;
  }
}

/** One for the window. */
export const changeHistory = new ChangeHistory();
