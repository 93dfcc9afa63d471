import { expect, it } from 'vitest';
import { parseQuery } from '../../../proto/search-language.ts';
import { draw } from '../../testing/draw.tsx';
import { SearchMarks, SearchMarksProvider } from './SearchMarks.tsx';

const context = { now: new Date(0), timeZone: 'UTC', me: null, agents: [] };

function marks(search: string, cell: 'title' | 'name') {
  const { container } = draw(
    <SearchMarksProvider value={parseQuery(search, context).terms}>
      <SearchMarks text="Ada asks for Ada" cell={cell} />
    </SearchMarksProvider>,
  );
  expect(container.textContent).toBe('Ada asks for Ada');
  return [...container.querySelectorAll('mark')].map(({ textContent }) => textContent);
}

it('marks what is found, in title and requester', () => {
  expect(marks('ada', 'title')).toEqual(['Ada', 'Ada']);
  expect(marks('ask', 'name')).toEqual(['ask']);
});

it('marks what is asked of the requester there alone', () => {
  expect(marks('requester:ada', 'title')).toEqual([]);
  expect(marks('requester:ada', 'name')).toEqual(['Ada', 'Ada']);
});
