import { describe, expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import type { VersionedValues } from '../../state/drafts.ts';
import { areSame, typedOver } from '../../state/form-values.ts';
import { namesOf } from '../../state/merge.ts';
import {
  besideField,
  clashState,
  outcome,
  rebased,
  resting,
  takeBack,
  textClash,
  writeChoice,
  writeField,
} from './edit-state.ts';
import type { Save, Saved } from './use-save.ts';

const values = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada' });
const ticket: VersionedValues = { ...values, version: 3 };
const draft = { ...values, title: 'Printer 4', base: ticket };

describe('typing over a ticket', () => {
  it('begins with what the ticket said, and remembers its version', () => {
    expect(typedOver(null, ticket, { name: 'title', value: 'Printer 4' })).toEqual(draft);
  });

  it('keeps its base when the ticket changes meanwhile', () => {
    const newer = { ...ticket, title: 'Laser', version: 4 };
    expect(typedOver(draft, newer, { name: 'name', value: 'Bo' })?.base).toEqual(ticket);
  });

  it('is no draft once the text is again what it was', () => {
    expect(typedOver(draft, ticket, { name: 'title', value: 'Printer' })).toBeNull();
  });
});

describe('after a write', () => {
  const write = {
    clash: (current: VersionedValues) => textClash(draft, current),
    mode: 'edit',
  } as const;

  it('a newer version is put beside mine, with the version that the choice will replace', () => {
    const current = { ...ticket, title: 'Laser', version: 4 };
    const { state } = outcome({ kind: 'clash', current }, write);
    expect(state.mode).toBe('clash');
    expect(state.clash).toMatchObject({ base: ticket, theirs: current, of: 'text' });
    expect(state.clash?.mine).toEqual({ ...values, title: 'Printer 4' });
  });

  it('the form comes back with the words when it failed', () => {
    const failure = { code: 'UNAVAILABLE', message: 'The service is away.' };
    expect(outcome({ kind: 'failed', failure }, write).state).toMatchObject({ mode: 'edit', failure });
    expect(outcome({ kind: 'gone' }, write).state.failure?.code).toBe('NOT_FOUND');
  });

  it('is at rest when it was written, or when both sides wrote the same', () => {
    expect(outcome({ kind: 'saved', written: null }, write).state).toBe(resting);
    expect(clashState(textClash(draft, { ...ticket, title: 'Printer 4', version: 4 }))).toBe(resting);
  });
});

/** A service that holds one ticket, and refuses a change of fields that are not as they were seen. */
function service(now: VersionedValues) {
  const sent: (number | null)[] = [];
  const save: Save = async (changes, seen) => {
    sent.push(seen.version);
    if (!areSame(namesOf(changes), seen, now)) return { kind: 'clash', current: now };
    const before = Object.fromEntries(namesOf(changes).map((name) => [name, seen[name]]));
    return { kind: 'saved', written: { requestId: 'r', before, after: { ...now, ...changes } } };
  };
  return { sent, save };
}

describe('setting the status', () => {
  const completed = { field: 'status', value: 'Completed' } as const;

  it('goes over a change of another field without a question', async () => {
    const { sent, save } = service({ ...ticket, title: 'Laser', version: 4 });
    const { state, written } = await writeField(save, { ...completed, seen: ticket });
    expect(state).toEqual(resting);
    expect(written).toMatchObject({
      before: { status: 'New' },
      after: { title: 'Laser', status: 'Completed' },
    });
    expect(sent).toEqual([3]);
  });

  it('asks when somebody else has set the status too, and then writes the choice over what was shown', async () => {
    const { sent, save } = service({ ...ticket, status: 'On Hold', version: 4 });
    const { state } = await writeField(save, { ...completed, seen: ticket });
    expect(sent).toEqual([3]);
    if (!state.clash) throw new Error('there must be a clash');
    const chosen = await writeChoice(save, state.clash, { status: 'mine' });
    expect(chosen.state).toBe(resting);
    expect(chosen.written?.before).toEqual({ status: 'On Hold' });
    expect(sent).toEqual([3, 4]);
  });

  it('leaves a choice that stands open, unless it was over the status', () => {
    const done = { state: resting, written: null };
    const text = clashState(textClash(draft, { ...ticket, title: 'Laser', version: 4 }));
    expect(besideField({ ...text, saving: true }, 'status', done)).toEqual(text);
    const status = { ...text, clash: text.clash && { ...text.clash, of: 'status' as const } };
    expect(besideField(status, 'status', done)).toBe(resting);
  });

  it('writes nothing when theirs is chosen', async () => {
    const { sent, save } = service({ ...ticket, version: 4 });
    const clash = textClash(draft, { ...ticket, title: 'Laser', version: 4 });
    expect(await writeChoice(save, clash, { title: 'theirs' })).toEqual({ state: resting, written: null });
    expect(sent).toEqual([]);
  });

  it('is no foreign change to my own edit that is going on', () => {
    const written = { ...ticket, status: 'Completed', version: 4 };
    expect(rebased(draft, { field: 'status', seen: ticket, written }).base).toEqual(written);
    expect(rebased(draft, { field: 'status', seen: ticket, written }).status).toBe('Completed');
    const theirs = { ...written, title: 'Laser' };
    expect(rebased(draft, { field: 'status', seen: ticket, written: theirs })).toEqual(draft);
  });
});

describe('taking a write back', () => {
  const write = { before: { status: 'New' }, after: { ...ticket, status: 'Completed', version: 4 } };

  it('writes what was there before, over a change of another field too', async () => {
    const { sent, save } = service({ ...write.after, title: 'Laser', version: 5 });
    await takeBack(save, write);
    expect(sent).toEqual([4]);
  });

  it("does not write over somebody else's change of the same field", async () => {
    const { sent, save } = service({ ...write.after, status: 'On Hold', version: 5 });
    await expect(takeBack(save, write)).rejects.toMatchObject({ isFinal: true });
    expect(sent).toEqual([4]);
  });

  it('may be tried again while the service is away', async () => {
    const failure = { code: 'UNAVAILABLE', message: 'The service is away.' };
    const save = async (): Promise<Saved> => ({ kind: 'failed', failure });
    await expect(takeBack(save, write)).rejects.toMatchObject({ isFinal: false, message: failure.message });
  });
});
