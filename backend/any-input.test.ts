/** Whatever comes in, by each way in: it is read or refused in words, and nothing breaks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkedTicket } from '../electron/deep-links.ts';
import { callNames, channelOf } from '../electron/ipc/channels.ts';
import { contract, type Handlers } from '../electron/ipc/contract.ts';
import { setupIpc } from '../electron/ipc/handle.ts';
import { readManaged } from '../electron/managed/managed-file.ts';
import { openSettings } from '../electron/settings.ts';
import type { BridgeResult } from '../proto/desktop-bridge.ts';
import { countTerms, parseQuery, termNames } from '../proto/search-language.ts';
import { createFieldNames, type TicketOrder, ticketOrders } from '../proto/ticket-fields.ts';
import { decodeCreate, encodeCreate } from './domain/create-message.ts';
import type { Ticket } from './domain/ticket.ts';
import { DeskError } from './errors.ts';
import { createLogger } from './logger.ts';
import { readCells } from './proxy/import/csv-cells.ts';
import { outboxForm } from './proxy/outbox/outbox-record.ts';
import { createRequestCheck } from './proxy/server/check-request.ts';
import { createSchema } from './proxy/server/schema.ts';
import { aRecord } from './proxy/testing/outbox-desk.ts';
import { holdsForAll, textOf } from './testing/any-input.ts';
import { readDelivery } from './ticket-service/consumer/read-delivery.ts';
import { decodeCursor, encodeCursor } from './ticket-service/store/cursor.ts';

/** What it answers, or undefined where it was refused in words; @throws whatever else was thrown. */
function unlessRefused<Answer>(read: () => Answer): Answer | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof DeskError && thrown.code === 'BAD_USER_INPUT') return undefined;
    throw thrown;
  }
}

describe('the search language', () => {
  const context = { now: new Date('2026-11-29T10:00:00Z'), timeZone: 'Europe/Berlin', me: 'ada', agents: [] };
  const typed = textOf(
    '"',
    ':',
    '-',
    ' ',
    '*',
    '#',
    '..',
    'status:new',
    ...termNames().map((term) => `${term}:`),
  );

  it('reads any text, and tells of each problem a place within it', () =>
    holdsForAll(typed, (text) => {
      const { problems, terms } = parseQuery(text, context);
      expect(terms.length === 0 || countTerms(text) > 0).toBe(true);
      for (const { from, to, message } of problems) {
        expect(from >= 0 && from < to && to <= text.length).toBe(true);
        expect(message).not.toBe('');
      }
    }));

  it('reads each term alone as among others', () =>
    holdsForAll(
      fc.array(fc.constantFrom('status:new', 'vpn', '-tag:"a b"', 'is:open', '"two words"', 'due:today')),
      (parts) => {
        const all = parseQuery(parts.join(' '), context).terms;
        expect(all).toEqual(parts.flatMap((part) => parseQuery(part, context).terms));
      },
    ));
});

describe('the cursors of lists', () => {
  const orders = (Object.keys(ticketOrders) as TicketOrder[]).filter(
    (order) => ticketOrders[order].by !== 'RELEVANCE',
  );
  const order = fc.constantFrom(...orders);
  const time = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '123Z'));
  const ticket = fc.record({
    id: fc.integer({ min: 1, max: 2_147_483_647 }),
    createdAt: time,
    updatedAt: time,
    dueAt: fc.option(time),
    name: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
      .filter((name) => !name.includes('\0')),
    status: fc.constantFrom('New', 'On Hold'),
    priority: fc.constantFrom('Low', 'Urgent', 'of a later version'),
    assigneeId: fc.constantFrom(null, 'ada'),
  });

  it('lead back to the ticket that they were made of, in their order alone', () =>
    holdsForAll(fc.tuple(order, order, ticket), ([of, other, made]) => {
      const cursor = encodeCursor(of, made as Ticket);
      expect(decodeCursor(of, cursor).id).toBe(made.id);
      if (of !== other) expect(unlessRefused(() => decodeCursor(other, cursor))).toBeUndefined();
    }));

  it('are refused in words when they are none', () =>
    holdsForAll(
      fc.tuple(
        order,
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
      ),
      ([of, text]) => {
        unlessRefused(() => decodeCursor(of, text));
      },
    ));
});

const create = fc.record({
  title: fc.string({ unit: 'binary' }),
  description: fc.string({ unit: 'binary' }),
  name: fc.string({ unit: 'binary' }),
  requestId: fc.uuid(),
  createdAt: fc.constant('2026-11-29T10:00:00.000Z'),
});

describe('creates on their way', () => {
  const defaults = { requestId: '6f0f8a52-0d5c-4b0e-9d1f-3a1d5b7c2e94', createdAt: '2026-11-29T10:00:00Z' };

  it('are read from a message as they were written', () =>
    holdsForAll(create, (made) => {
      expect(decodeCreate(encodeCreate(made), defaults)).toMatchObject(made);
    }));

  it('are refused in words when a message is of other JSON, or of no text', () =>
    holdsForAll(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        fc
          .dictionary(
            fc.constantFrom(...createFieldNames, 'requestId', 'createdAt', 'revision', 'agent'),
            fc.jsonValue(),
          )
          .map((value) => Buffer.from(JSON.stringify(value))),
      ),
      (body) => {
        const delivery = { id: '1', body, attempts: 1, publishedAtMs: 0, finish() {}, requeue() {} };
        readDelivery(delivery as unknown as Parameters<typeof readDelivery>[0], 'ticketCreate');
      },
    ));

  it('are read from the disk as they were written, and not at all from a torn record', () =>
    holdsForAll(fc.tuple(create, fc.nat()), ([filed, cut]) => {
      const record = aRecord(1, filed);
      const text = outboxForm.serialise(record);
      expect(outboxForm.parse(filed.requestId, text)?.record).toEqual(record);
      expect(outboxForm.parse(filed.requestId, text.slice(0, cut % text.length))).toBeUndefined();
    }));
});

it('cells of a CSV are read as they were written', () =>
  holdsForAll(fc.array(textOf('"', ',', ';', '\n', '""'), { minLength: 1 }), (cells) => {
    const row = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    expect(readCells(row, { delimiter: ',', max: 1_000 })).toEqual(cells);
  }));

it('a link leads to a number that a ticket can have, or nowhere', () =>
  holdsForAll(textOf('ticketdesk://ticket/', '12', '2147483648', '/', '?'), (link) => {
    const id = linkedTicket(link);
    expect(id === null || (Number.isInteger(id) && id > 0 && id <= 2_147_483_647)).toBe(true);
  }));

it("an organisation's file of whatever text is read, or told to be wrong", () =>
  holdsForAll(
    textOf('{', '}', '"profile"', ':', '"team"', ',', '[', '\n', 'null', '"ticketServiceAddress"'),
    (text) => {
      readManaged('managed.json', text);
    },
  ));

it('a message of the window reaches its handler as its contract says, or is refused in words', async () => {
  const reached = new Map<string, unknown[]>();
  const handlers = Object.fromEntries(
    Object.keys(contract).map((name) => [name, async (...given: unknown[]) => void reached.set(name, given)]),
  );
  const ways = new Map<string, (event: never, ...given: unknown[]) => Promise<BridgeResult<unknown>>>();
  setupIpc({
    ipcMain: { handle: (channel, handler) => void ways.set(channel, handler) },
    isOwnFrame: () => true,
    handlers: handlers as unknown as Handlers,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  const name = fc.constantFrom(...callNames);
  const given = fc.array(fc.oneof(fc.constantFrom('on', 'team', true, null, 1), fc.anything()), {
    maxLength: 3,
  });
  await holdsForAll(fc.tuple(name, given), async ([of, values]) => {
    reached.delete(of);
    const result = await ways.get(channelOf(of))?.(undefined as never, ...values);
    expect(result?.ok).toBe(reached.has(of));
    if (result?.ok) expect(contract[of].safeParse(reached.get(of)).success).toBe(true);
    else expect(result?.error.message).toMatch(/\w \w/);
  });
});

it('a settings file of whatever text is read, or put aside in words', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'any-settings-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'settings.json');
  const pieces = textOf('{', '}', '"profile"', ':', '"team"', ',', '"window"', 'null', '1', '[', ']');
  const nearly = fc.dictionary(fc.constantFrom('profile', 'team', 'window', 'updates'), fc.jsonValue());
  await holdsForAll(
    fc.oneof(
      pieces,
      nearly.map((value) => JSON.stringify(value)),
    ),
    async (text) => {
      await writeFile(file, text);
      const { current, notice } = await openSettings(file);
      expect(['this-computer', 'docker', 'team']).toContain(current.profile);
      if (notice !== null) expect(notice).toMatch(/\w \w/);
    },
  );
});

describe('GraphQL', () => {
  const check = createRequestCheck(createSchema());
  const names = [
    'tickets',
    'ticketPage',
    'edges',
    'node',
    'comments',
    'id',
    '__schema',
    'types',
    'fields',
    'createTicket',
    'x',
  ];
  const pieces = textOf(
    '{',
    '}',
    ' ',
    '(',
    ')',
    '$',
    ':',
    '...',
    'on',
    'fragment A on Query',
    'first: 200',
    'a:',
    '...A',
    '@skip(if: true)',
    ...names,
  );
  const { tree: selection } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc
      .array(
        fc.tuple(
          fc.constantFrom(...names),
          fc.constantFrom('', '(first: 9)', '(first: $n)', '(id: 1)'),
          fc.option(tie('tree'), { maxDepth: 6, nil: '' }),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((fields) => `{ ${fields.map((field, at) => `a${at}: ${field.join(' ')}`).join(' ')} }`),
  }));

  it('is checked and weighed, or refused with codes, whatever is sent', () =>
    holdsForAll(
      fc.tuple(
        fc.oneof(
          pieces,
          selection,
          selection.map((text) => `query($n: Int) ${text}`),
        ),
        fc.dictionary(fc.constantFrom('n', 'input', '__proto__'), fc.jsonValue()),
      ),
      ([query, variables]) => {
        const { weight, errors } = check({ query, variables });
        expect(Number.isFinite(weight) && weight >= 0).toBe(true);
        for (const { extensions } of errors) expect(extensions?.code).toBe('BAD_USER_INPUT');
      },
    ));
});
