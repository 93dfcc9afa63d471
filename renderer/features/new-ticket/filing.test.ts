import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { describe, expect, it } from 'vitest';
import type { NewTicketDraft } from '../../state/drafts.ts';
import type { TicketText } from '../../state/ticket-text.ts';
import { type FilingPorts, fileDraft } from './filing.ts';

const draft: NewTicketDraft = {
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  title: ' Printer ',
  description: '',
  name: 'Ada',
  sent: false,
};

/** A proxy that keeps creates by requestId as the real one does, and a disk with one draft. */
function desk() {
  const arrived = new Map<string, TicketText>();
  const state = { kept: draft as NewTicketDraft | null, fail: null as 'before' | 'after' | 'refuse' | null };
  const log: string[] = [];
  const ports: FilingPorts = {
    async create({ requestId, ...text }) {
      log.push(`create, kept as sent: ${state.kept?.sent}`);
      if (state.fail === 'refuse') {
        throw new CombinedGraphQLErrors({
          errors: [{ message: 'title is empty.', extensions: { code: 'BAD_USER_INPUT', field: 'title' } }],
        });
      }
      if (state.fail === 'before') throw new TypeError('Failed to fetch');
      if (!arrived.has(requestId)) arrived.set(requestId, text);
      if (state.fail === 'after') throw new TypeError('Failed to fetch');
    },
    findCreate: async (requestId) => arrived.get(requestId) ?? null,
    keep: async (next) => {
      state.kept = next;
    },
    clear: () => {
      state.kept = null;
    },
  };
  return { arrived, log, state, ports };
}

describe('filing a draft', () => {
  it('clears the draft after the create is safe, and not before', async () => {
    const { arrived, log, state, ports } = desk();
    expect(await fileDraft(draft, ports)).toBe('filed');
    expect(log).toEqual(['create, kept as sent: true']);
    expect([...arrived.values()]).toEqual([{ title: 'Printer', description: '', name: 'Ada' }]);
    expect(state.kept).toBeNull();
  });

  it('keeps the text when nobody answers, and files it once when pressed again', async () => {
    const { arrived, state, ports } = desk();
    state.fail = 'before';
    await expect(fileDraft(draft, ports)).rejects.toThrow('Failed to fetch');
    expect(state.kept).toEqual({ ...draft, sent: true });
    state.fail = null;
    expect(await fileDraft({ ...draft, sent: true }, ports)).toBe('filed');
    expect(arrived.size).toBe(1);
  });

  it('makes no second ticket when only the answer got lost', async () => {
    const { arrived, log, state, ports } = desk();
    state.fail = 'after';
    await expect(fileDraft(draft, ports)).rejects.toThrow();
    state.fail = null;
    expect(await fileDraft({ ...draft, sent: true }, ports)).toBe('filed');
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
    expect(await fileDraft(edited, ports)).toBe('edited-since');
    expect(state.kept).toEqual(edited);
    expect(arrived.size).toBe(1);
  });

  it('takes a refusal as not filed', async () => {
    const { state, ports } = desk();
    state.fail = 'refuse';
    await expect(fileDraft(draft, ports)).rejects.toThrow('title is empty');
    expect(state.kept).toEqual(draft);
  });
});
