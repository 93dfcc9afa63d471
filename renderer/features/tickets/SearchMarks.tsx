/** Marks in a row what the search has found there. */
import { createContext, Fragment, useContext } from 'react';
import type { SearchTerm } from '../../../proto/search-language.ts';
import { foundIn } from './found-places.ts';

const FoundTerms = createContext<readonly SearchTerm[]>([]);
export const SearchMarksProvider = FoundTerms.Provider;

export function SearchMarks({ text, cell }: { text: string; cell: 'title' | 'name' }) {
  const terms = useContext(FoundTerms);
  const asked = terms.filter((term) => 'in' in term && (term.in === 'all' || term.in === cell));
  let shown = 0;
  const pieces = foundIn(text, asked).map(({ from, to }) => {
    const before = text.slice(shown, from);
    shown = to;
    return (
      <Fragment key={from}>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </Fragment>
    );
  });
  return (
    <>
      {pieces}
      {text.slice(shown)}
    </>
  );
}
