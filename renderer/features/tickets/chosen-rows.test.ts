import { describe, expect, it } from 'vitest';
import {
  afterLeaving,
  allChosen,
  type ChosenRows,
  isChosen,
  nothingChosen,
  rangeStart,
  toggled,
  withRange,
} from './chosen-rows.ts';

const candidates = [1, 2, 3, 4, 5, 6];
const chosenOf = (rows: ChosenRows) => candidates.filter((id) => isChosen(rows, id));

describe('tickets that are chosen one by one', () => {
  it('are as many as were chosen and not let go', () => {
    const three = [4, 2, 6].reduce(toggled, nothingChosen);
    expect(chosenOf(three)).toEqual([2, 4, 6]);
    expect(chosenOf(toggled(three, 4))).toEqual([2, 6]);
  });

  it('are none when the last has been let go', () => {
    expect(toggled(toggled(nothingChosen, 4), 4).choice).toBeNull();
  });

  it('are no more when they have left the view', () => {
    const rows = [1, 2, 3].reduce(toggled, nothingChosen);
    expect(chosenOf(afterLeaving(rows, [2, 6]))).toEqual([1, 3]);
    expect(afterLeaving(rows, [1, 2, 3]).choice).toBeNull();
    expect(afterLeaving(rows, [6])).toBe(rows);
  });
});

describe('a range', () => {
  const from2 = withRange(nothingChosen, [2, 3, 4]);

  it('grows and shrinks from where it began', () => {
    expect(chosenOf(from2)).toEqual([2, 3, 4]);
    expect(rangeStart(from2, 4)).toBe(2);
    expect(chosenOf(withRange(from2, [2, 3, 4, 5]))).toEqual([2, 3, 4, 5]);
    expect(chosenOf(withRange(from2, [2, 3]))).toEqual([2, 3]);
    expect(chosenOf(withRange(from2, [2, 1]))).toEqual([1, 2]);
  });

  it('leaves alone what was chosen before it', () => {
    const rows = withRange(withRange(toggled(nothingChosen, 5), [2, 3, 4, 5]), [2]);
    expect(chosenOf(rows)).toEqual([2, 5]);
  });

  it('begins anew where the cursor has gone elsewhere', () => {
    expect(rangeStart(from2, 6)).toBe(6);
    expect(chosenOf(withRange(from2, [6, 5]))).toEqual([2, 3, 4, 5, 6]);
  });

  it('goes on from a ticket that was chosen alone', () => {
    const rows = toggled(nothingChosen, 3);
    expect(rangeStart(rows, 3)).toBe(3);
    expect(chosenOf(withRange(withRange(rows, [3, 4]), [3]))).toEqual([3]);
  });

  it('does not bring back what has left the view', () => {
    const rows = afterLeaving(withRange(toggled(nothingChosen, 1), [2, 3]), [1, 3]);
    expect(chosenOf(withRange(rows, [2]))).toEqual([2]);
  });
});

describe('all that match', () => {
  it('are also those that nobody has read, but for what is let go', () => {
    const rows = toggled(allChosen, 3);
    expect(isChosen(rows, 1_000_000)).toBe(true);
    expect(chosenOf(rows)).toEqual([1, 2, 4, 5, 6]);
    expect(chosenOf(toggled(rows, 3))).toEqual(candidates);
    expect(chosenOf(withRange(rows, [2, 3]))).toEqual(candidates);
  });

  it('follow from the query alone: who leaves it needs no telling', () => {
    expect(afterLeaving(allChosen, [1])).toBe(allChosen);
  });
});
