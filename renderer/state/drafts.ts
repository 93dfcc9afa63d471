/**
 * Drafts: what was typed and not sent. They outlive a crash, a restart and a lost link,
 * and leave only when their text has been filed, saved or discarded.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { emptyOf, isValueOf } from '../../proto/field-kinds.ts';
import { fieldNames, fieldOf, type TicketValues, ticketValues } from '../../proto/ticket-fields.ts';
import type { CommentKind } from '../graphql/generated/operations.ts';
import { draftsOf, indexedDbDrafts } from './draft-storage.ts';
import { type DraftSnapshot, DraftStore } from './draft-store.ts';
import type { LinkInfo } from './live.tsx';
import { useLink } from './live.tsx';
import { offerUndo } from './undo.ts';

export interface NewTicketDraft extends TicketValues {
  /** Made once per form, so that filing again after a crash or a double click makes no second ticket. */
  requestId: string;
  /** It was sent, and the answer is not known: it may have been filed. */
  sent: boolean;
}

/** The values of a ticket at one version; null from a service that keeps no versions. */
export interface VersionedValues extends TicketValues {
  version: number | null;
}

export interface EditDraft extends TicketValues {
  /** The ticket as it was when the edit began. */
  base: VersionedValues;
}

/** What is being written about a ticket. */
export interface CommentDraft {
  kind: CommentKind;
  body: string;
  /** Made once per comment, so that a double click adds no second one. */
  requestId: string;
}

/**
 * `edit:` and `comment:` a ticket's id and its service, `create:` the requestId of a create that waits, `mended:` the
 * requestId of a comment, stored or waiting.
 */
export type DraftKey =
  | 'new-ticket'
  | `edit:${number}@${string}`
  | `comment:${string}`
  | `create:${string}`
  | `mended:${string}`;

/** Ticket numbers are a service's own: a change that was begun on one must not be offered on another's. */
export function editKey(id: number, { service }: Pick<LinkInfo, 'service'>) {
  return `edit:${id}@${service}` as const;
}
export type DraftOf<Key extends DraftKey> = Key extends 'new-ticket'
  ? NewTicketDraft
  : Key extends `comment:${string}`
    ? CommentDraft
    : Key extends `mended:${string}`
      ? string
      : EditDraft;

export interface Draft<Value> extends Omit<DraftSnapshot, 'value'> {
  draft: Value | null;
  /** Keeps this text: in memory at once, on disk within a second. null removes the draft. */
  set(value: Value | null): void;
  /** The draft as it is at this moment, and not when the component was drawn. */
  latest(): Value | null;
  /** Resolves when the disk has the latest, or has refused it. */
  flush(): Promise<void>;
}

/** Of each person who was here since the page was loaded; null: nobody in particular. */
const stores = new Map<string | null, DraftStore>();
let whose: string | null = null;

/** Whose drafts are shown and kept, where more than one person signs in. Call before anything of them is drawn. */
export function showDraftsOf(person: string | null): void {
  whose = person;
}

function draftStore(): DraftStore {
  const known = stores.get(whose);
  if (known) return known;
  const disk = indexedDbDrafts();
  const store = new DraftStore(whose === null ? disk : draftsOf(whose, disk));
  void store.load();
  addEventListener('pagehide', () => void store.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void store.flush();
  });
  stores.set(whose, store);
  return store;
}

/** What lies on disk may be another version's: only what has the expected shape counts as a draft. */
function draftOf<Key extends DraftKey>(key: Key, value: unknown): DraftOf<Key> | null {
  if (key.startsWith('comment:')) return commentOf(value) as DraftOf<Key> | null;
  if (key.startsWith('mended:')) return (typeof value === 'string' ? value : null) as DraftOf<Key> | null;
  const draft = value as Partial<NewTicketDraft & EditDraft> | null;
  if (!isTyped(draft)) return null;
  if (key === 'new-ticket' ? typeof draft.requestId !== 'string' : !isTyped(draft.base)) return null;
  // A field that the desk did not have when this was typed is as the ticket had it.
  const base = draft.base && { ...draft.base, ...ticketValues(draft.base) };
  return { ...draft, ...ticketValues({ ...base, ...draft }), ...(base && { base }) } as DraftOf<Key>;
}

function commentOf(value: unknown): CommentDraft | null {
  const { kind, body, requestId } = (value ?? {}) as Partial<CommentDraft>;
  if (typeof body !== 'string' || typeof requestId !== 'string') return null;
  return { kind: kind === 'ANSWER' ? kind : 'NOTE', body, requestId };
}

function isTyped(values: Partial<TicketValues> | null | undefined): values is Partial<TicketValues> {
  return (
    typeof values?.title === 'string' &&
    fieldNames.every((name) => isValueOf(fieldOf(name), values[name] ?? emptyOf(fieldOf(name))))
  );
}

export interface OpenForm {
  /** False while the disk is being read. */
  loaded: boolean;
  /** The address of the panel, as it was kept last; null: no form stood open. */
  address: string | null;
  keep(address: string | null): void;
  has(key: DraftKey): boolean;
}

const openFormKey = 'open-form';

/** Which form stands open, kept beside what is typed into it, so that it comes back with it. */
export function useOpenForm(): OpenForm {
  const store = draftStore();
  const { loaded, value } = useSyncExternalStore(store.changes.subscribe, () => store.snapshot(openFormKey));
  return {
    loaded,
    address: typeof value === 'string' ? value : null,
    keep: useCallback((address) => store.set(openFormKey, address), [store]),
    has: useCallback((key) => draftOf(key, store.snapshot(key).value) !== null, [store]),
  };
}

/** The draft under a key, live in every component that asks for it. */
export function useDraft<Key extends DraftKey>(key: Key): Draft<DraftOf<Key>> {
  const store = draftStore();
  const { value, ...standing } = useSyncExternalStore(store.changes.subscribe, () => store.snapshot(key));
  const set = useCallback((next: DraftOf<Key> | null) => store.set(key, next), [store, key]);
  const latest = useCallback(() => draftOf(key, store.snapshot(key).value), [store, key]);
  const flush = useCallback(() => store.flush(), [store]);
  useEffect(() => () => void flush(), [flush]);
  return { ...standing, draft: draftOf(key, value), set, latest, flush };
}

/** Discards a draft, with a way back. */
export function useDiscard<Value>({ draft, set }: Draft<Value>, text: string): () => void {
  return () => {
    set(null);
    offerUndo({ text, undo: () => set(draft) });
  };
}

/** Discards the draft of a new ticket. */
export function useDiscardDraft(): () => void {
  return useDiscard(useDraft('new-ticket'), 'Draft discarded.');
}

/**
 * What is being written about a ticket and was not sent yet. It is kept by the requestId that the ticket was filed under,
 * where that is known, as that stays when the ticket gets its number.
 */
export function useCommentDraft({
  id,
  requestId,
}: {
  id: number | null;
  requestId: string | null;
}): Draft<CommentDraft> {
  return useDraft(`comment:${requestId ?? id}@${useLink().service}`);
}

/** What an author makes of a comment and has not saved: the same while it waits and once it is stored. @param comment its requestId */
export function useMendedComment(comment: string): Draft<string> {
  return useDraft(`mended:${comment}`);
}

/** The change of a ticket that was begun and not saved, also while it waited for its number. */
export function useEditDraft({ id, requestId }: { id: number; requestId: string | null }): Draft<EditDraft> {
  const own = useDraft(editKey(id, useLink()));
  const earlier = useDraft(`create:${requestId}`);
  const [setOwn, setEarlier, latestOwn, latestEarlier] = [own.set, earlier.set, own.latest, earlier.latest];
  const set = useCallback(
    (next: EditDraft | null) => {
      if (latestEarlier() !== null) setEarlier(null);
      setOwn(next);
    },
    [setOwn, setEarlier, latestEarlier],
  );
  const latest = useCallback(() => latestOwn() ?? onFirst(latestEarlier()), [latestOwn, latestEarlier]);
  return { ...own, draft: own.draft ?? onFirst(earlier.draft), set, latest };
}

/** What was filed is the first version. */
function onFirst(draft: EditDraft | null): EditDraft | null {
  return draft && { ...draft, base: { ...draft.base, version: 1 } };
}
