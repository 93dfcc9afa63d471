/** Until when a ticket is due, as a person filters by it above the list. */

/** `term` is what the search asks for: the list is read again as time goes on, and never holds what was due when it was chosen. */
export const periods = [
  { words: 'Overdue', term: '<0h' },
  { words: 'Due today', term: '<tomorrow' },
  { words: 'Due within 7 days', term: '<7d' },
] as const;
