import { describe, expect, it } from 'vitest';
import { createUndoStack } from './undo.ts';

function stack() {
  const clock = { ms: 0 };
  const undone: string[] = [];
  const undo = createUndoStack(() => clock.ms);
  return {
    clock,
    undone,
    stack: undo,
    undoLast: undo.undoLast,
    did: (name: string) => undo.push({ run: () => undone.push(name) }),
  };
}

describe('undo', () => {
  it('takes back the latest first, each once', () => {
    const { did, undoLast, undone } = stack();
    did('delete 1');
    did('delete 2');
    expect([undoLast(), undoLast(), undoLast()]).toEqual([true, true, false]);
    expect(undone).toEqual(['delete 2', 'delete 1']);
  });

  it('works by the toast too, and then not again by the key', () => {
    const { did, undoLast, undone } = stack();
    const undo = did('discard');
    undo();
    undo();
    expect(undoLast()).toBe(false);
    expect(undone).toEqual(['discard']);
  });

  it('is over for the key after 10 seconds, and lasts for a toast as long as that is held', () => {
    const { clock, did, undoLast, undone } = stack();
    const undo = did('delete');
    clock.ms = 10_000;
    expect(undoLast()).toBe(false);
    expect(undone).toEqual([]);
    undo();
    expect(undone).toEqual(['delete']);
  });

  it('forgets all of it, and says so, when it was about tickets of another server', () => {
    const { undone, undoLast, stack: undo } = stack();
    const gone: string[] = [];
    const byToast = undo.push({ run: () => undone.push('delete'), onForgotten: () => gone.push('delete') });
    undo.forget();
    byToast();
    expect(undoLast()).toBe(false);
    expect([undone, gone]).toEqual([[], ['delete']]);
  });
});
