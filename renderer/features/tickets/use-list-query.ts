/** What the list is asked for: by the view, and by what is typed and chosen above the list. */
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { FieldFilters } from '../../../proto/ticket-fields.ts';
import { focusList, useNavigation } from '../../state/navigation.tsx';
import { type ListQuery, searchProblem } from './list-filter.ts';
import { useShown, useTellShown } from './use-shown.ts';

/** From the last key to the search. */
const debounceMs = 200;

export interface Search {
  box: RefObject<HTMLInputElement | null>;
  typed: string;
  /** What is searched for: what was typed, once the person has paused. */
  term: string;
  /** Why what is typed is not searched for at all. */
  refusal: string | null;
  /** Waits for a pause. Cleared is at once, with whatever view comes in its place: the cursor goes to the top of that. */
  type(text: string): void;
  /** To what is found, without waiting for the pause. */
  go(): void;
}

/** @param onSearch told what is searched for */
export function useListQuery(onSearch: (search: string) => void) {
  const { view, visits } = useNavigation();
  const [filters, setFilters] = useState<FieldFilters>({});
  const search = useSearch({ view: view.query, filters }, onSearch);
  const shown = useShown(view, visits, search.term);
  const { order } = shown;
  const query: ListQuery = useMemo(
    () => ({ view: view.query, search: search.term, filters, order }),
    [view.query, search.term, filters, order],
  );
  useTellShown(view, {
    ...{ query, shown },
    reset() {
      search.type('');
      setFilters({});
      shown.reset();
      focusList();
    },
  });
  return { query, search, shown, filters, setFilters };
}

/** @param within what else is asked for, beside which it is searched */
function useSearch(
  within: Pick<ListQuery, 'view' | 'filters'>,
  onSearch: (search: string) => void,
): Search & { visits: number } {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  const [visits, setVisits] = useState(0);
  const refusal = searchProblem({ ...within, search: typed.trim() });
  useEffect(() => {
    if (refusal !== null) return;
    const timer = setTimeout(() => setTerm(typed.trim()), debounceMs);
    return () => clearTimeout(timer);
  }, [typed, refusal]);
  useEffect(() => onSearch(term), [term, onSearch]);
  const go = () => {
    if (refusal !== null) return;
    setTerm(typed.trim());
    setVisits((before) => before + 1);
  };
  const type = (text: string) => {
    setTyped(text);
    if (text.trim() === '') setTerm('');
  };
  return { box, typed, term, refusal, visits, type, go };
}
