import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { AgentsDocument } from '../graphql/generated/operations.ts';
import { draw } from '../testing/draw.tsx';
import { agentOptions, useAgentName, useAgentNames, useNameOf } from './agents.tsx';

function labelsOf(people: readonly (readonly [id: string, name: string])[]): string[] {
  const others = people.map(([id, name]) => ({ id, name }));
  return agentOptions({ me: null, others, look() {} }).others.map(({ label }) => label);
}

it('tells apart whose names differ in case, accents or blanks alone, and whose ids end alike', () => {
  const labels = labelsOf([
    ['id-1111', 'Zoé  Bo'],
    ['id-2222', 'Zoe\u0301 Bo'],
    ['id-3333', 'zoe bo'],
    ['ada@desk.org', 'Ada'],
    ['bea@desk.org', 'Ada'],
    ['id-6666', 'Cy'],
  ]);
  expect(labels).toEqual([
    'Zoé  Bo (1111)',
    'Zoe\u0301 Bo (2222)',
    'zoe bo (3333)',
    'Ada (ada@desk.org)',
    'Ada (bea@desk.org)',
    'Cy',
  ]);
});

it('offers no two by the same words, be it the name of two, of nobody, or as one calls oneself', () => {
  const people = [
    ['id-1111', 'Bo'],
    ['id-2222', 'Bo'],
    ['id-3333', 'Nobody'],
    ['id-4444', 'Ada (me)'],
    ['id-5555', 'Ada'],
    ['id-6666', '\u202eC\u202cy'],
  ] as const;
  const others = people.map(([id, name]) => ({ id, name }));
  const { me, others: offered } = agentOptions({
    me: { id: 'id-0000', name: 'Ada' },
    others,
    look() {},
  });
  expect([...me, ...offered].map(({ label }) => label)).toEqual([
    'Ada (me)',
    'Bo (1111)',
    'Bo (2222)',
    'Nobody (3333)',
    'Ada (me) (4444)',
    'Ada (5555)',
    'Cy',
  ]);
});

function Named() {
  const names = [
    useNameOf()({ id: 'id-1111', name: 'Bo' }),
    useAgentName('id-2222'),
    useAgentNames()('id-3333'),
  ];
  return names.join(', ');
}

it('calls two of one name by the same words wherever one of them is named', async () => {
  const { client } = draw(<Named />);
  const agents = [
    { __typename: 'Agent' as const, id: 'id-1111', name: 'Bo' },
    { __typename: 'Agent' as const, id: 'id-2222', name: 'bo' },
    { __typename: 'Agent' as const, id: 'id-3333', name: 'Cy' },
  ];
  client.writeQuery({ query: AgentsDocument, data: { agents } });
  await screen.findByText('Bo (1111), bo (2222), Cy');
});
