/** What a search finds: decided in SQL, and alike in proto/fold.ts for tickets that are in no database of ours. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fold } from '../../proto/fold.ts';
import { matchesQuery, type SearchedTicket } from '../../proto/matching.ts';
import { containing } from '../../proto/search-language.ts';
import { searchWords } from '../../proto/search-words.ts';
import { ticketValues } from '../../proto/ticket-fields.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { migrations } from './store/generated/migrations.ts';
import { startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let service: TestService;
let sql: pg.Client;

beforeAll(async () => {
  const postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  sql = new pg.Client(postgresUrl);
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

/** As the page and the proxy decide it. */
function hasText(values: Parameters<typeof ticketValues>[0], text: string): boolean {
  const ticket: SearchedTicket = { ...ticketValues(values), id: null, createdAt: null, updatedAt: null };
  return matchesQuery({ terms: [containing(text)] }, ticket);
}

/** What is written, and what finds it. */
const pairs: [string, string][] = [
  ['Mu\u0308ller', 'M\u00fcller'],
  ['M\u00fcller', 'mu\u0308LLER'],
  ['M\u00fcller', 'muller'],
  ['Cable\u00a0tray on\u202f3', 'cable tray on 3'],
  ['Cable tray', 'cable\u00a0TRAY'],
  ['\u0130stanbul ofisi', 'istanbul'],
  ['Istanbul', '\u0130STANBUL'],
  ['\u0131s\u0131', 'ISI'],
  ['\u039f\u0394\u039f\u03a3 2', '\u03bf\u03b4\u03bf\u03c2'],
  ['\u03bf\u03b4\u03cc\u03c2', '\u039f\u0394\u039f\u03a3'],
  ['Stra\u00dfe', 'STRASSE'],
  ['\u1e9e', 'ss'],
  ['\uff33\uff30\uff21\uff2d\u3000\uff11\uff10', 'spam 10'],
  ['Prin\u00adter\u200b\u2060 jam', 'printer jam'],
  ['\u202eturned', 'Turned'],
  ['first line\r\nsecond', 'line second'],
  ['\uac00\ub098', '\u1100\u1161\u1102\u1161'],
  ['\ufb01le', 'FILE'],
  ['50\uff05 \uff3c off\uff3fer', '50% \\ off_er'],
  ['\u0438\u0306\u043e\u0434', '\u0419\u041e\u0414'],
  ['\ud83d\udc69\u200d\ud83d\udcbb works', '\ud83d\udc69\u200d\ud83d\udcbb'],
];

describe('a search finds a text however it was typed', () => {
  it.each(pairs)('%j by %j', async (title, text) => {
    const { id } = await service.call('CreateTicket', { title, description: '', name: 'N' });
    const { tickets } = await service.call('ListTickets', { text, pageSize: 200 });
    expect(tickets.map((ticket) => ticket.id)).toContain(id);
    const { counts } = await service.call('CountTickets', { text });
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(tickets.length);
    expect(hasText({ title, name: 'N' }, text)).toBe(true);
  });

  it('but nothing that reaches from one field into the next', async () => {
    const text = { title: 'ends with zebra', description: 'crossing begins', name: 'N' };
    await service.call('CreateTicket', text);
    for (const wanted of ['zebra crossing', 'zebra\ncrossing', 'zebracrossing']) {
      expect((await service.call('ListTickets', { text: wanted })).tickets).toEqual([]);
      expect(hasText(text, wanted)).toBe(false);
    }
  });
});

describe('no phrase reaches from one text into the next:', () => {
  const texts = { title: 'first alder', tags: ['beech', 'cedar'], name: 'Dogwood', description: 'elm' };
  beforeAll(async () => {
    const { id } = await service.call('CreateTicket', texts);
    for (const body of ['fir', 'gum'])
      await service.call('AddComment', { ticketId: id, requestId: randomUUID(), kind: 'NOTE', body });
  });
  const find = async (query: string) => (await service.call('ListTickets', { query })).tickets.length;

  it.each(['alder beech', 'beech cedar', 'cedar dogwood', 'dogwood elm', 'elm fir', 'fir gum'])(
    '%s',
    async (words) => {
      expect(await find(words)).toBe(1);
      expect(await find(`"${words}"`)).toBe(0);
    },
  );

  it('and within one it finds what it asks for', async () => {
    expect(await find('"first alder"')).toBe(1);
  });
});

it('folds each character alike in the database and out of it', async () => {
  const characters = Array.from({ length: 0x2ffff }, (_, index) => index + 1)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    // Of both only what each of their editions of Unicode knows.
    .filter((character) => /\p{Assigned}/u.test(character));
  const { rows } = await sql.query<{ character: string; folded: string }>(
    `select character, fold('a' || character || 'b') as folded from unnest($1::text[]) as character
     where unicode_assigned(character)`,
    [characters],
  );
  const different = rows.filter(({ character, folded }) => fold(`a${character}b`) !== folded);
  expect(different.map(({ character }) => character.codePointAt(0)?.toString(16))).toEqual([]);
});

describe('makes the same words in the database and out of it', () => {
  const inDatabase = async (text: string) => {
    const { rows } = await sql.query<{ words: string[] | null }>(
      `select array_agg(lexeme order by place) as words
       from unnest(word_vector(fold($1))), unnest(positions) as place`,
      [text],
    );
    return rows[0]?.words ?? [];
  };

  it.each([
    "It's the 2nd floor: printer-jam, error 1e5, 0x1F, v1.2.3; mail a.b@example.org",
    `${'long'.repeat(30)} x${'é'.repeat(80)}`,
    '東京タワーの2階、プリンターが動かない。Tokyo',
    '打印机坏了',
    'เครื่องพิมพ์ไม่ทำงาน',
    'Принтер не печатает — Büro 12',
    '한국어 프린터',
    '👩‍💻 works ½ ﬁle',
    '€50 →printer🖨️jam',
    'נציג צה״ל־כאן',
    'نعم، لا؟',
    'कर रहा।',
    'Բարեւ։',
    '',
  ])('of %j', async (text) => {
    expect(await inDatabase(text)).toEqual(searchWords(text));
  });

  it('of each character', async () => {
    const characters = Array.from({ length: 0x2ffff }, (_, index) => index + 1)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((character) => /\p{Assigned}/u.test(character));
    const { rows } = await sql.query<{ character: string; words: string[] | null }>(
      `select character, array(select word from search_words(fold('a' || character || 'b')) order by place) as words
       from unnest($1::text[]) as character where unicode_assigned(character)`,
      [characters],
    );
    const different = rows.filter(
      ({ character, words }) => searchWords(`a${character}b`).join(' ') !== words?.join(' '),
    );
    expect(different.map(({ character }) => character.codePointAt(0)?.toString(16))).toEqual([]);
  });
});

describe('finds the words beside signs of any script:', () => {
  it.each([
    ['It costs \u20ac50 a month', '50'],
    ['It costs \u20ac50 a month', '\u20ac50'],
    ['\u25cfStapler jams', 'stapler'],
    ['\ud83d\udd25hot', 'hot'],
    ['\u0646\u0639\u0645\u060c \u0644\u0627', '"\u0646\u0639\u0645 \u0644\u0627"'],
    ['\u0915\u0930 \u0930\u0939\u093e\u0964', '"\u0930\u0939\u093e"'],
    ['\u05e6\u05d4\u05f4\u05dc', '\u05e6\u05d4"\u05dc'],
  ])('%j by %s', async (title, query) => {
    const { id } = await service.call('CreateTicket', { title, description: '', name: 'N' });
    const { tickets } = await service.call('ListTickets', { query, pageSize: 200 });
    expect(tickets.map((ticket) => ticket.id)).toContain(id);
  });

  it('also in what was stored before they were known', async () => {
    const { postgresUrl, query, end } = await databaseBefore('021');
    const often = 'the router, '.repeat(300);
    await query(`insert into tickets (title, description, name)
      values ('\u20ac50', '', 'N'), ('x', '', 'N'), ('y', '${often} the quokka', 'N')`);
    await query(`insert into comments (ticket_id, ticket_version, request_id, kind, body, created_at)
      values (2, 1, gen_random_uuid(), 'NOTE', '\u25cfstapler', now())`);
    await query("update tickets set title = 'z' where id = 2");
    await end();
    const later = await startTestService({ postgresUrl });
    onTestFinished(later.stop);
    for (const [at, wanted] of ['50', 'stapler', '"the quokka"'].entries())
      expect((await later.call('ListTickets', { query: wanted })).tickets).toMatchObject([{ id: at + 1 }]);
  });
});

it('finds words that begin with an s, and not each ticket for its status', async () => {
  const ids: number[] = [];
  for (const [title, name] of [
    ['quux owl', 'Ada'],
    ['quux stapler', 'Bo'],
    ["quux O'Brien's", 'Sam'],
  ] as const)
    ids.push((await service.call('CreateTicket', { title, name, description: '' })).id);
  const [, stapler, possessive] = ids;
  for (const [query, found] of [
    ['quux s', [possessive, stapler]],
    ['quux -s', [ids[0]]],
    ['quux requester:s', [possessive]],
    ["quux o'brien's", [possessive]],
    ['"quux s', [stapler]],
  ] as const) {
    const { tickets } = await service.call('ListTickets', { query });
    expect([query, tickets.map(({ id }) => id)]).toEqual([query, found]);
  }
});

describe('finds in a long thread what is said last:', () => {
  const add = async (description: string, bodies: readonly string[]) => {
    const { id } = await service.call('CreateTicket', { title: 'Long', description, name: 'N' });
    for (const body of bodies) {
      const said = { ticketId: id, requestId: randomUUID(), kind: 'NOTE' as const, body };
      await service.call('AddComment', said);
    }
    return id;
  };
  const find = async (query: string) =>
    (await service.call('ListTickets', { query, pageSize: 200 })).tickets.map(({ id }) => id);
  const often = 'the router and the switch, 10.0.0.1 to 10.0.0.2; '.repeat(100);
  const many = Array.from({ length: 1_700 }, (_, at) => `w${at}x`).join(' ');
  const han = Array.from({ length: 9_000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 9_000)));
  const unspaced = han.join('');

  it.each([
    [
      'words that come often',
      often,
      [often, 'then the zebra at 10.0.0.77'],
      ['"the zebra"', '10.0.0.77', '"zebra at 10'],
    ],
    ['many words', '', [...Array(10).fill(many), 'quokka-wombat here'], ['quokka-wombat', '"wombat here"']],
    ['no blanks', unspaced, [unspaced, '龥龤龣龢'], ['龥龤', '龥龤龣龢', '龤龣']],
    [
      'a pair that comes often',
      '',
      ['的问题。'.repeat(300), '我们的问题已经解决'],
      ['的问题已经', '我们的问题'],
    ],
  ])('behind %s', async (_, description, bodies, queries) => {
    const id = await add(description, bodies);
    for (const query of queries) expect([query, await find(query)]).toEqual([query, [id]]);
    expect(await find(`-${queries[0]}`)).not.toContain(id);
    expect(await find('"the wombat" -"zebra the"')).toEqual([]);
    // As when it is all worked out anew.
    await service.call('UpdateTicket', { id, title: 'Longer' });
    for (const query of queries) expect(await find(query)).toEqual([id]);
  });
});

it('takes a long text that has no blanks', async () => {
  const text = Array.from({ length: 20_000 }, (_, at) =>
    String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
  );
  const { id } = await service.call('CreateTicket', { title: 'Long', description: '', name: 'N' });
  const said = { ticketId: id, requestId: randomUUID(), kind: 'NOTE' as const, body: text.join('') };
  await expect(service.call('AddComment', said)).resolves.toMatchObject({ ticketId: id });
});

it('finds tickets of a database that knew no words', async () => {
  const { postgresUrl, query, end } = await databaseBefore('004');
  await query(`insert into tickets (title, description, name) values (e'Zu\\u0308rich', '', 'N')`);
  await end();
  const later = await startTestService({ postgresUrl });
  onTestFinished(later.stop);
  expect((await later.call('ListTickets', { text: 'Z\u00fcrich' })).tickets).toHaveLength(1);
});

/** As a service left it that knew the migrations before this one. */
async function databaseBefore(migration: string) {
  const postgresUrl = await postgres.createDatabase();
  const old = new pg.Client(postgresUrl);
  await old.connect();
  const query = async (text: string, values?: unknown[]) => void (await old.query(text, values));
  await query('create table schema_migrations (version integer, name text, applied_at timestamptz)');
  for (const { name, sql } of migrations.filter(({ name }) => name < migration)) {
    await query(sql);
    await query('insert into schema_migrations values ($1, $2)', [Number.parseInt(name, 10), name]);
  }
  return { postgresUrl, query, end: () => old.end() };
}
