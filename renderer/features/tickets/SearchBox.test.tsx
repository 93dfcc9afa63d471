import { screen } from '@testing-library/react';
import { useRef, useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { queryRule } from '../../../proto/checks.ts';
import { rememberRequester } from '../../state/requesters.ts';
import { draw } from '../../testing/draw.tsx';
import { searchProblem } from './list-filter.ts';
import { SearchBox } from './SearchBox.tsx';
import { useQueryReader } from './use-query-reader.ts';

const onGo = vi.fn();
const onLeave = vi.fn();
beforeEach(() => vi.clearAllMocks());

function Search() {
  const box = useRef<HTMLInputElement>(null);
  const reader = useQueryReader();
  const [typed, setTyped] = useState('');
  const search = {
    ...{ box, typed, term: typed.trim(), refusal: searchProblem({ view: '', search: typed, filters: {} }) },
    ...{ type: setTyped, go: onGo },
  };
  return (
    <>
      <SearchBox search={search} reader={reader} onLeave={onLeave} />
      <button type="button">after it</button>
    </>
  );
}

const agents = [
  { __typename: 'Agent', id: 'a-1', name: 'Ada Lovelace' },
  { __typename: 'Agent', id: 'a-2', name: 'Bo' },
];

function drawSearch() {
  return draw(<Search />, {
    answer: ({ name }) => (name === 'Agents' ? { agents } : name === 'Me' ? { me: agents[1] } : undefined),
  });
}

const box = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Search tickets' });
const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);
const problem = () => screen.getByRole('status', { name: "What of the search can't be read" });

it('says beside the box why nothing can be searched for', async () => {
  const { person } = drawSearch();
  await person.click(box());
  await person.paste('a'.repeat(queryRule.maxCharacters + 1));
  expect(screen.getByRole('alert').textContent).toBe(
    searchProblem({ view: '', search: box().value, filters: {} }),
  );
  expect(box().getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
});

describe('completion', () => {
  it('proposes the terms that begin so, and then the values of the chosen one', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'printer re');
    expect(options()).toEqual(['requester:']);
    await person.keyboard('{Backspace}{Backspace}-st{ArrowDown}');
    expect(screen.getByRole('option', { selected: true }).textContent).toBe('-status:');
    expect(box().getAttribute('aria-activedescendant')).toBe(screen.getByRole('option').id);
    await person.keyboard('{Enter}');
    expect(box().value).toBe('printer -status:');
    expect(options()).toEqual(
      ['new', 'in-progress', 'on-hold', 'completed', 'open'].map((v) => `-status:${v}`),
    );
    await person.keyboard('ho{Tab}');
    expect(box().value).toBe('printer -status:on-hold ');
    expect(options()).toEqual([]);
    expect(box().getAttribute('aria-expanded')).toBe('false');
    expect(onGo).not.toHaveBeenCalled();
  });

  it('goes on after a comma, and puts quotes around a name of several words', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'assignee:');
    await vi.waitFor(() => expect(options()).toContain('assignee:"Ada Lovelace"'));
    await person.keyboard('me,love');
    expect(options()).toEqual(['assignee:me,"Ada Lovelace"']);
    await person.click(screen.getByRole('option'));
    expect(box().value).toBe('assignee:me,"Ada Lovelace" ');
    expect(document.activeElement).toBe(box());
  });

  it('takes a comma in quotes for a sign of the name', async () => {
    rememberRequester('Lovelace, Ada');
    const { person } = drawSearch();
    await person.type(box(), 'requester:"Lovelace, A{Tab}');
    expect(box().value).toBe('requester:"Lovelace, Ada" ');
  });

  it('proposes an agent who has come since the page was opened', async () => {
    let known = agents.slice(0, 1);
    const { person, asked } = draw(<Search />, {
      answer: ({ name }) => (name === 'Agents' ? { agents: known } : undefined),
    });
    await vi.waitFor(() => expect(asked.map(({ name }) => name)).toContain('Agents'));
    known = agents;
    await person.type(box(), 'assignee:b');
    await vi.waitFor(() => expect(options()).toEqual(['assignee:Bo']));
  });

  it('proposes tags of tickets that were read, and requesters that were typed before', async () => {
    rememberRequester('Grace Hopper');
    const { person, client } = drawSearch();
    client.cache.restore({ 'Ticket:1': { __typename: 'Ticket', id: 1, tags: ['floor 3', 'vpn'] } });
    await person.type(box(), 'tag:fl{Tab}requester:ho{Tab}');
    expect(box().value).toBe('tag:"floor 3" requester:"Grace Hopper" ');
  });

  it('completes in the middle of a text, and is typed on there', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'prio vpn');
    await person.keyboard('{ArrowLeft>4/}');
    expect(options()).toEqual(['priority:']);
    await person.keyboard('{Tab}high');
    expect(box().value).toBe('priority:high vpn');
  });

  it('closes with Escape before that clears the box', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'sta{Escape}');
    expect([options(), box().value]).toEqual([[], 'sta']);
    await person.keyboard('{Escape}');
    expect(box().value).toBe('');
    expect(onLeave).not.toHaveBeenCalled();
    await person.keyboard('{Escape}');
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it('leaves Enter, the arrow down and Tab alone where nothing is proposed', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'scanner{Enter}{ArrowDown}');
    expect(onGo).toHaveBeenCalledTimes(2);
    expect(box().value).toBe('scanner');
    await person.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'after it' }));
  });

  it('takes nothing with Enter that was not chosen', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'is{Enter}');
    expect(box().value).toBe('is');
    expect(onGo).toHaveBeenCalledTimes(1);
  });
});

describe('what can not be read', () => {
  it('is marked below the box, with what was expected, and the box says so', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'printer status:lost');
    expect(problem().querySelector('mark')?.textContent).toBe('lost');
    expect(problem().textContent).toContain('printer status:lost · “lost” is not known; expected: new, ');
    expect(
      screen.getByRole('combobox', { description: /^printer status: ?lost · “lost” is not known/ }),
    ).toBe(box());
    // A letter each would be spelt out.
    expect(problem().querySelector('bdi')?.childNodes).toHaveLength(2);
    expect(box().classList.contains('is-invalid')).toBe(false);
  });

  it('is told of what is still being completed once the person is done with it', async () => {
    const { person } = drawSearch();
    await person.type(box(), 'status:');
    expect(problem().textContent).toBe('');
    await person.click(screen.getByRole('button', { name: 'after it' }));
    expect(problem().textContent).toContain('A value was expected after “status:”');
  });
});
