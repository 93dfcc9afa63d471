import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsForAll } from '../../backend/testing/any-input.ts';
import { editFieldNames, sameValue, ticketValues } from '../../proto/ticket-fields.ts';
import { chosenChanges, differences, firstChoices, myChanges, openChoice } from './merge.ts';

const base = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada' });

describe('two people changed one ticket', () => {
  it('shows every field in which they differ, and who changed it', () => {
    const mine = { ...base, title: 'Printer in room 4', description: 'Blank since Monday' };
    const theirs = { ...base, title: 'Laser printer', status: 'In Progress' };
    expect(differences({ base, mine, theirs })).toEqual([
      { field: 'title', mine: 'Printer in room 4', theirs: 'Laser printer', changedBy: 'both' },
      { field: 'description', mine: 'Blank since Monday', theirs: 'Blank pages', changedBy: 'mine' },
      { field: 'status', mine: 'New', theirs: 'In Progress', changedBy: 'theirs' },
    ]);
  });

  it('leaves a field that both changed to the person, and decides nothing against anybody', () => {
    const found = differences({
      base,
      mine: { ...base, title: 'A', description: 'mine' },
      theirs: { ...base, title: 'B', status: 'Completed' },
    });
    const choices = firstChoices(found);
    expect(choices).toEqual({ description: 'mine', status: 'theirs' });
    expect(openChoice(found, choices)).toMatchObject({ field: 'title' });
    expect(openChoice(found, { ...choices, title: 'theirs' })).toBeUndefined();
  });

  it('writes what was chosen as mine and nothing else', () => {
    const found = differences({
      base,
      mine: { ...base, title: 'A', name: 'Bo' },
      theirs: { ...base, title: 'B', name: 'Cy' },
    });
    expect(chosenChanges(found, { title: 'mine', name: 'theirs' })).toEqual({ title: 'A' });
  });

  it('is no clash in a field to which both gave the same value', () => {
    const both = { ...base, title: 'Same' };
    expect(differences({ base, mine: both, theirs: both })).toEqual([]);
  });

  it('sends only the fields that I touched', () => {
    expect(myChanges(base, { ...base, name: 'Bo' })).toEqual({ name: 'Bo' });
  });
});

it('loses nothing that one side alone has changed, and takes of what both have what was chosen', () => {
  const text = fc.constantFrom('a', 'b', 'c');
  const values = fc
    .record({ title: text, description: text, name: text, status: fc.constantFrom('New', 'On Hold') })
    .map((said) => ticketValues(said));
  const side = fc.constantFrom('mine' as const, 'theirs' as const);
  return holdsForAll(fc.tuple(values, values, values, side), ([first, mine, theirs, chosen]) => {
    const found = differences({ base: first, mine, theirs });
    const both = found.filter(({ changedBy }) => changedBy === 'both');
    const choices = {
      ...firstChoices(found),
      ...Object.fromEntries(both.map(({ field }) => [field, chosen])),
    };
    const merged = { ...theirs, ...chosenChanges(found, choices) };
    for (const field of editFieldNames) {
      const [isMine, isTheirs] = [mine, theirs].map((one) => !sameValue(one[field], first[field]));
      const from = isMine && (!isTheirs || chosen === 'mine') ? mine : theirs;
      expect(merged[field]).toEqual(from[field]);
    }
  });
});
