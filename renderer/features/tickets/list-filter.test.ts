import { describe, expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { timeZone } from '../../state/locale.ts';
import { belongs, filterFor, searchProblem } from './list-filter.ts';

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

  it('is one ticket by its number, whatever its status', () => {
    expect(filterFor({ ...none, view: 'status:new', search: '#4812' })).toEqual({ id: 4812 });
    expect(filterFor({ ...none, view: 'status:new', search: '#99999999999' })).toHaveProperty('query');
    expect(belongs({ ...none, view: 'status:completed', search: '#4812' }, ticket)).toBe(true);
  });

  it('hangs on a text where the ticket service alone knows whether it is in a ticket', () => {
    expect(belongs({ ...none, view: 'is:open', search: '' }, ticket)).toBe(true);
    expect(belongs({ ...none, view: 'is:open', search: 'printer' }, ticket)).toBeUndefined();
    expect(belongs({ ...none, view: 'status:completed', search: 'printer' }, ticket)).toBe(false);
    expect(belongs({ ...none, view: 'status:completed', search: '' }, ticket)).toBe(false);
  });

  it('says how long a search may be', () => {
    expect(searchProblem('', 'x'.repeat(500))).toBeNull();
    expect(searchProblem('', 'x'.repeat(501))).toContain('500 characters');
    expect(searchProblem('', 'x '.repeat(33))).toContain('32 terms');
    expect(searchProblem('', 'a\0b')).toContain('NUL');
  });
});
