import { describe, expect, it } from 'vitest';
import { seededRandom } from '../backend/testing/random.ts';
import { foldTags } from './fold.ts';
import { parseQuery, type SearchContext } from './search-language.ts';
import { typedValue } from './search-tokens.ts';

const context: SearchContext = {
  now: new Date('2026-11-28T20:00:00.000Z'),
  timeZone: 'Europe/Berlin',
  me: 'a-1',
  agents: [
    { id: 'a-1', name: 'Ada Lovelace' },
    { id: 'a-2', name: 'Bo Öst' },
    { id: 'a-3', name: 'Adam' },
    { id: 'a-4', name: 'Jo "The Fix" Doe' },
  ],
};

/** What a text asks for. */
function asked(text: string) {
  const { terms, problems } = parseQuery(text, context);
  expect(problems).toEqual([]);
  return terms;
}

/** Where a text can't be read, as the piece of it, and what was expected there. */
function problemsOf(text: string) {
  return parseQuery(text, context).problems.map(({ from, to, message }) => [text.slice(from, to), message]);
}

function word(text: string, isNot = false) {
  return { kind: 'word', word: text, in: 'all', isNot };
}

describe('words', () => {
  it('are parted by blanks, folded, and may go on', () => {
    expect(asked('  Printer\u3000ÉTAGE ')).toEqual([word('printer'), word('etage')]);
  });

  it('are excluded by a dash before them', () => {
    expect(asked('-printer')).toEqual([word('printer', true)]);
  });

  it('are kept together by quotes, and whole', () => {
    expect(asked('"Blank pages"')).toEqual([
      { kind: 'phrase', words: ['blank', 'pages'], isPrefix: false, in: 'all', isNot: false },
    ]);
  });

  it('may go on while the closing quote is not typed', () => {
    expect(asked('"blank pa')).toMatchObject([{ kind: 'phrase', words: ['blank', 'pa'], isPrefix: true }]);
  });

  it('that are one piece are one after the other', () => {
    expect(asked('foo-bar,http://x')).toMatchObject([
      { kind: 'phrase', words: ['foo', 'bar', 'http', 'x'], isPrefix: true },
    ]);
  });

  it('before a colon that are no term are words as others', () => {
    expect(asked('Re: printer')).toEqual([word('re'), word('printer')]);
  });

  it('a dash alone is nothing', () => {
    expect(asked('printer - "" floor')).toEqual([word('printer'), word('floor')]);
  });

  it('a text of signs alone has nothing to search for', () => {
    expect(problemsOf(' - !! ')).toEqual([['- !!', expect.stringContaining('Nothing to search for')]]);
    expect(problemsOf('  ')).toEqual([]);
  });
});

describe('a number', () => {
  it('is that ticket', () => expect(asked('-#0012')).toEqual([{ kind: 'number', id: 12, isNot: true }]));

  it('that no ticket can have is a text', () => {
    expect(asked('#0 #2147483648')).toEqual([word('0'), word('2147483648')]);
  });
});

describe('values', () => {
  it.each([
    ['status:new,on-hold', ['New', 'On Hold']],
    ['STATUS:"In Progress"', ['In Progress']],
    ['status:comp', ['Completed']],
    ['status:open', ['New', 'In Progress', 'On Hold']],
    ['status:new,open', ['New', 'In Progress', 'On Hold']],
  ])('%s', (text, values) => {
    expect(asked(text)).toMatchObject([{ kind: 'choice', field: 'status', values }]);
  });

  it('the known are listed where another is typed, and the others hold', () => {
    const { terms, problems } = parseQuery('priority:high,hot x', context);
    expect(terms).toMatchObject([{ kind: 'choice', values: ['High'] }, { word: 'x' }]);
    const message = '“hot” is not known; expected: low, normal, high, urgent.';
    expect(problems).toEqual([{ from: 14, to: 17, message }]);
  });

  it('are asked for where none is typed', () => {
    expect(problemsOf('tag: status:, requester:""')).toEqual([
      ['tag:', 'A value was expected after “tag:”.'],
      ['status:,', 'A value was expected after “status:”: new, in-progress, on-hold, completed, open.'],
      ['requester:""', 'A value was expected after “requester:”.'],
    ]);
  });

  it('of which several may be meant are told', () => {
    expect(problemsOf('status:o')).toEqual([['o', '“o” may be one of several: on-hold, open.']]);
  });

  it('are listed up to twenty', () => {
    const agents = Array.from({ length: 30 }, (_, at) => ({ id: `id-${at}`, name: `Agent ${at}` }));
    const [problem] = parseQuery('assignee:x', { ...context, agents }).problems;
    expect(problem?.message).toContain('me, none, Agent 0, ');
    expect(problem?.message).toContain('Agent 17 and 12 more.');
  });

  it('tags are in their one form', () => {
    expect(asked('tag:"Floor  3",VPN,vpn')).toMatchObject([{ kind: 'tag', tags: ['floor 3', 'vpn'] }]);
  });

  it.each(['19" rack', '"the fix" of 2', 'a"b', '"', 'x,y', '""'])(
    'the tag %s is found as it is typed',
    (tag) => {
      expect(asked(`tag:${typedValue(tag)} x`)).toMatchObject([{ tags: foldTags(tag) }, { word: 'x' }]);
    },
  );

  it.each([
    ['me', ['a-1'], false],
    ['none', [], true],
    ['"ada lovelace"', ['a-1'], false],
    ['bo-ost', ['a-2'], false],
    ['adam', ['a-3'], false],
    ['a-2,none', ['a-2'], true],
    ['"Jo The Fix Doe"', ['a-4'], false],
  ])('assignee:%s', (text, ids, nobody) => {
    expect(asked(`assignee:${text}`)).toMatchObject([{ kind: 'person', field: 'assigneeId', ids, nobody }]);
  });

  it('an assignee of whom no other name begins so', () => {
    expect(asked('assignee:bo')).toMatchObject([{ ids: ['a-2'] }]);
    expect(problemsOf('assignee:ad')).toEqual([['ad', '“ad” may be one of several: Ada Lovelace, Adam.']]);
  });

  it('one of several who are called alike is meant by the end of the id, and all by the name', () => {
    const agents = ['Zoé Bo', 'zoe  bo', 'Cy'].map((name, at) => ({ id: `id-${at}${at}${at}${at}`, name }));
    const read = (text: string) => parseQuery(text, { ...context, agents });
    expect(read('assignee:"zoe bo"').terms).toMatchObject([{ ids: ['id-0000', 'id-1111'] }]);
    expect(read('assignee:"zoe bo (1111)"').terms).toMatchObject([{ ids: ['id-1111'] }]);
    expect(read('assignee:z').problems).toMatchObject([
      { message: '“z” may be one of several: Zoé Bo (0000), zoe  bo (1111).' },
    ]);
  });

  it('means oneself and nobody by “me” and “none”, whoever is called so', () => {
    const agents = ['Me', 'NONE', 'm-e'].map((name, at) => ({ id: `b-${at}`, name }));
    const read = (text: string) =>
      parseQuery(text, { ...context, agents: [...agents, { id: 'me', name: 'me' }] }).terms;
    const person = { kind: 'person', field: 'assigneeId', isNot: false };
    expect(read('assignee:me')).toEqual([{ ...person, ids: ['a-1'], nobody: false }]);
    expect(read('assignee:none')).toEqual([{ ...person, ids: [], nobody: true }]);
    expect(read('assignee:b-0')).toEqual([{ ...person, ids: ['b-0'], nobody: false }]);
  });

  it('nobody is me while that is not told', () => {
    const agents = [{ id: 'a-1', name: 'Melanie' }];
    const { terms, problems } = parseQuery('assignee:me', { ...context, agents, me: null });
    expect(terms).toMatchObject([{ kind: 'person', ids: [], nobody: false }]);
    const message = '“me” is nobody as long as it is not told who works here; expected: none, Melanie.';
    expect(problems).toEqual([{ from: 9, to: 11, message }]);
  });

  it('of the requester are words of that alone', () => {
    expect(asked('requester:Ada requester:"Ada L"')).toMatchObject([
      { kind: 'word', word: 'ada', in: 'name' },
      { kind: 'phrase', words: ['ada', 'l'], in: 'name', isPrefix: false },
    ]);
    expect(problemsOf('requester:a,b')).toEqual([['a,b', 'One value alone was expected.']]);
  });
});

describe('is:', () => {
  it('overdue is due before now and open', () => {
    expect(asked('is:overdue')).toMatchObject([
      { kind: 'time', field: 'dueAt', from: null, until: '2026-11-28T20:00:00.000000Z' },
      { kind: 'choice', values: ['New', 'In Progress', 'On Hold'] },
    ]);
  });

  it('open, closed and unassigned', () => {
    expect(asked('is:open -is:closed is:unassigned')).toMatchObject([
      { values: ['New', 'In Progress', 'On Hold'], isNot: false },
      { values: ['Completed'], isNot: true },
      { nobody: true, ids: [] },
    ]);
  });

  it('what it does not know, and what it can not exclude, is told', () => {
    expect(problemsOf('is:lost -is:overdue')).toMatchObject([
      ['lost', expect.any(String)],
      ['overdue', expect.stringContaining('another of: open, closed, unassigned.')],
    ]);
  });
});

describe('the outcome depends on the time', () => {
  it.each(['created:>7d', 'due:today', 'updated:..yesterday', 'is:overdue'])('%s', (text) => {
    expect(parseQuery(`printer ${text}`, context).dependsOnTime).toBe(true);
  });

  it.each(['printer', 'is:open', 'created:2026-11-01', 'due:none'])('not of %s', (text) => {
    expect(parseQuery(text, context).dependsOnTime).toBe(false);
  });
});

const pieces = [
  ...[
    'status:',
    'tag:',
    'assignee:',
    'requester:',
    'due:',
    'created:',
    'is:',
    'İS:',
    'x:',
    '-',
    '"',
    ',',
    ' ',
    ' ',
  ],
  ...[
    '#',
    '12',
    '>',
    '<',
    '7d',
    '..',
    'today',
    '2026-02-30',
    'me',
    'o',
    'new',
    'é',
    '打印机',
    '🖨️',
    '\ud800',
    '\0',
    '\n',
  ],
  ...['__proto__', 'constructor', ':', '\u200b', '\u0301', 'overdue'],
];

describe('whatever is typed', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('is read without an error, seed %i', (seed) => {
    const { next } = seededRandom(seed);
    for (let tried = 0; tried < 100; tried += 1) {
      const length = Math.floor(next() * 24);
      const text = Array.from({ length }, () => pieces[Math.floor(next() * pieces.length)]).join('');
      const { terms, problems } = parseQuery(text, context);
      for (const { from, to } of problems) {
        expect([text, 0 <= from && from < to && to <= text.length]).toEqual([text, true]);
      }
      if (text.trim() !== '') expect([text, terms.length + problems.length]).not.toEqual([text, 0]);
    }
  });
});
