import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../proto/search-language.ts';
import { type FieldFilters, fieldFilters, ticketValues } from '../../../proto/ticket-fields.ts';
import { timeZone } from '../../state/locale.ts';
import { periods } from './due-periods.ts';
import { belongs, filterFor, isNarrowed, queryText, searchProblem } from './list-filter.ts';

const ticket = { ...ticketValues({}), id: 4812 };
const none = { filters: {} };

describe('what the list shows', () => {
  it('is the view, narrowed by the search', () => {
    expect(filterFor({ ...none, view: 'status:on-hold', search: '' })).toEqual({ statuses: ['On Hold'] });
    expect(filterFor({ ...none, view: 'status:new', search: 'vpn' })).toEqual({
      statuses: ['New'],
      query: 'vpn',
      timeZone: timeZone(),
    });
  });

  it('is a ticket by its number, also by a former one, whatever its status', () => {
    expect(filterFor({ ...none, view: 'status:new', search: '#4812' })).toEqual({ query: '#4812' });
    const words = filterFor({ ...none, view: 'status:new', search: '#99999999999' });
    expect(words).toMatchObject({ statuses: ['New'], query: '#99999999999' });
    expect(belongs({ ...none, view: 'status:completed', search: '#4812' }, ticket)).toBeUndefined();
  });

  it('hangs on a text where the ticket service alone knows whether it is in a ticket', () => {
    expect(belongs({ ...none, view: 'is:open', search: '' }, ticket)).toBe(true);
    expect(belongs({ ...none, view: 'is:open', search: 'printer' }, ticket)).toBeUndefined();
    expect(belongs({ ...none, view: 'status:completed', search: 'printer' }, ticket)).toBe(false);
    expect(belongs({ ...none, view: 'status:completed', search: '' }, ticket)).toBe(false);
  });

  it('is a view by its statuses where it asks for nothing else, and else by its words and those that are typed', () => {
    expect(filterFor({ ...none, view: 'is:open assignee:me', search: 'vpn' })).toEqual({
      query: 'is:open assignee:me vpn',
      timeZone: timeZone(),
    });
    expect(filterFor({ ...none, view: '"blank pa', search: 'vpn' })).toHaveProperty(
      'query',
      '"blank pa" vpn',
    );
    expect(belongs({ ...none, view: 'is:open assignee:me', search: '' }, ticket)).toBeUndefined();
  });

  it('is kept as one text, which finds the same', () => {
    const filters = fieldFilters({ priorities: ['High'], tags: ['vpn', 'floor 3'], unassigned: true });
    const text = queryText({ view: 'is:open', search: 'printer', filters });
    expect(text).toBe('is:open printer priority:High tag:"floor 3" tag:vpn assignee:none');
    expect(parseQuery(text, { now: new Date(), timeZone: 'UTC', me: null, agents: [] }).problems).toEqual([]);
    const dueOf = (dueBefore: string) => queryText({ view: '', search: '', filters: { dueBefore } });
    expect(periods.map(({ term }) => dueOf(term))).toEqual(['due:<0h', 'due:<tomorrow', 'due:<7d']);
  });

  it('searches for what is due, so that it is asked for anew as time goes on', () => {
    const filters = { dueBefore: '<tomorrow', priorities: ['High'] };
    const asked = filterFor({ view: 'is:open', search: 'vpn', filters });
    expect(asked).toMatchObject({ priorities: ['High'], query: 'vpn due:<tomorrow', timeZone: timeZone() });
    expect(asked).not.toHaveProperty('dueBefore', expect.anything());
    const context = { now: new Date(), timeZone: 'UTC', me: null, agents: [] };
    for (const { term } of periods) {
      const { query } = filterFor({ view: 'is:open', search: '', filters: { dueBefore: term } });
      expect(parseQuery(query ?? '', context), term).toMatchObject({ dependsOnTime: true, problems: [] });
    }
  });

  it('is narrowed as long as a filter is chosen, and no longer', () => {
    expect(isNarrowed(none)).toBe(false);
    expect(isNarrowed({ filters: fieldFilters({ priorities: ['High'] }) })).toBe(true);
    expect(isNarrowed({ filters: fieldFilters({ priorities: [] }) })).toBe(false);
  });

  it('says how long a search may be', () => {
    const problem = (view: string, search: string, filters: FieldFilters = {}) =>
      searchProblem({ view, search, filters });
    expect(problem('', 'x'.repeat(500))).toBeNull();
    expect(problem('', 'x'.repeat(501))).toContain('at most 500 characters. ');
    expect(problem('', 'x '.repeat(33))).toContain('32 terms');
    expect(problem('', 'a\0b')).toContain('NUL');
    expect(problem('is:open', 'x'.repeat(500))).toBeNull();
    expect(problem('printer', 'x'.repeat(500))).toContain('with those of the view. ');
    // What passes with time is searched for, too, and what else is chosen is not.
    const due = { dueBefore: '<7d' };
    expect(problem('', 'x'.repeat(492), due)).toBeNull();
    expect(problem('', 'x'.repeat(493), due)).toContain('with those of the filters. ');
    expect(problem('printer', 'x'.repeat(500), due)).toContain('with those of the view and the filters. ');
    expect(problem('', 'x'.repeat(500), { tags: ['vpn'] })).toBeNull();
  });
});
