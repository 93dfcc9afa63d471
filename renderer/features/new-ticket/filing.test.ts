import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { describe, expect, it } from 'vitest';
import { type FiledValues, fieldNames, filedValues, ticketValues } from '../../../proto/ticket-fields.ts';
import type { NewTicketDraft } from '../../state/drafts.ts';
import type { FoundCreate } from '../../state/find-create.ts';
import { areSame } from '../../state/form-values.ts';
import { type FilingPorts, fileDraft } from './filing.ts';

const draft: NewTicketDraft = {
  ...ticketValues({ title: ' Printer ', name: 'Ada' }),
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  sent: false,
};

/** A proxy that keeps creates by requestId as the real one does, and a disk with one draft. */
function desk() {
  const arrived = new Map<string, FiledValues>();
  const state = { kept: draft as NewTicketDraft | null, fail: null as 'before' | 'after' | 'refuse' | null };
  const log: string[] = [];
  const find = (requestId: string, text: FiledValues): FoundCreate | null => {
    const known = arrived.get(requestId);
    if (!known) return null;
    return { text: areSame(fieldNames, known, text) ? 'same' : 'other', id: 7 };
  };
  const ports: FilingPorts = {
    async create({ requestId, ...text }) {
      log.push(`create, kept as sent: ${state.kept?.sent}`);
      if (state.fail === 'refuse') throw refusal({ code: 'BAD_USER_INPUT', field: 'title' });
      if (state.fail === 'before') throw new TypeError('Failed to fetch');
      if (find(requestId, text)?.text === 'other')
        throw refusal({ code: 'CONFLICT', field: 'requestId', ticketId: 7 });
      arrived.set(requestId, text);
      if (state.fail === 'after') throw new TypeError('Failed to fetch');
    },
    findCreate: async (requestId, text) => find(requestId, text),
    latest: () => state.kept,
    keep: async (next) => {
      state.kept = next;
    },
  };
  return { arrived, log, state, ports };
}

function refusal(extensions: Record<string, unknown>): CombinedGraphQLErrors {
  return new CombinedGraphQLErrors({ errors: [{ message: 'No.', extensions }] });
}

describe('filing a draft', () => {
  it('clears the draft after the create is safe, and not before', async () => {
    const { arrived, log, state, ports } = desk();
    expect(await fileDraft(draft, ports)).toEqual({ text: 'same', id: null });
    expect(log).toEqual(['create, kept as sent: true']);
    expect([...arrived.values()]).toEqual([filedValues({ title: 'Printer', name: 'Ada' })]);
    expect(state.kept).toBeNull();
  });

  it('keeps the text when nobody answers, and files it once when pressed again', async () => {
    const { arrived, state, ports } = desk();
    state.fail = 'before';
    await expect(fileDraft(draft, ports)).rejects.toThrow('Failed to fetch');
    expect(state.kept).toEqual({ ...draft, sent: true });
    state.fail = null;
    expect(await fileDraft({ ...draft, sent: true }, ports)).toMatchObject({ text: 'same' });
    expect(arrived.size).toBe(1);
  });

  it('makes no second ticket when only the answer got lost', async () => {
    const { arrived, log, state, ports } = desk();
    state.fail = 'after';
    await expect(fileDraft(draft, ports)).rejects.toThrow();
    state.fail = null;
    expect(await fileDraft({ ...draft, sent: true }, ports)).toEqual({ text: 'same', id: 7 });
    expect(arrived.size).toBe(1);
    expect(log).toHaveLength(1);
    expect(state.kept).toBeNull();
  });

  it('does not lose what was typed after a press whose answer got lost', async () => {
    const { arrived, state, ports } = desk();
    state.fail = 'after';
    await expect(fileDraft(draft, ports)).rejects.toThrow();
    state.fail = null;
    const edited = { ...draft, sent: true, description: 'and it smells' };
    state.kept = edited;
    expect(await fileDraft(edited, ports)).toEqual({ text: 'other', id: 7 });
    expect(state.kept).toEqual({
      ...edited,
      sent: false,
      requestId: expect.not.stringContaining(draft.requestId),
    });
    expect(arrived.size).toBe(1);
    expect(await fileDraft(state.kept, ports)).toMatchObject({ text: 'same' });
    expect([...arrived.values()].map(({ description }) => description)).toEqual(['', 'and it smells']);
  });

  it('does not lose it either when only the filing itself shows that another text has the requestId', async () => {
    const { arrived, state, ports } = desk();
    arrived.set(draft.requestId, filedValues({ title: 'Filed in another window', name: 'Ada' }));
    expect(await fileDraft(draft, ports)).toEqual({ text: 'other', id: 7 });
    expect(state.kept).toMatchObject({ title: draft.title, sent: false });
    expect(state.kept?.requestId).not.toBe(draft.requestId);
  });

  it('keeps what was typed in another window while it was filed here, as a draft of its own', async () => {
    const { state, ports } = desk();
    const typed = { ...draft, description: 'and it smells' };
    const create = async (input: FiledValues & { requestId: string }) => {
      await ports.create(input);
      state.kept = typed;
    };
    expect(await fileDraft(draft, { ...ports, create })).toMatchObject({ text: 'same' });
    expect(state.kept).toEqual({ ...typed, requestId: expect.not.stringContaining(draft.requestId) });
  });

  it('takes a refusal as not filed', async () => {
    const { state, ports } = desk();
    state.fail = 'refuse';
    await expect(fileDraft(draft, ports)).rejects.toThrow('No.');
    expect(state.kept).toEqual(draft);
  });
});
