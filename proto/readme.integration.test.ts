/** Holds the reference to the contract, and runs its examples. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTicketServiceConfig } from '../backend/config.ts';
import { decodeCreate, encodeCreate } from '../backend/domain/create-message.ts';
import { startTestPostgres, type TestPostgres } from '../backend/testing/postgres.ts';
import {
  connect,
  startTestService,
  type TestCaller,
  type TestService,
} from '../backend/ticket-service/testing/service.ts';
import { contractPackage } from './contract-package.ts';
import { contract } from './generated/contract.ts';

const text = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8');
const root = protobuf.Root.fromJSON(contract).resolveAll();
const service = root.lookupService('TicketService');

/** What stands under each third-level heading, by the heading. */
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [
      section.split('\n', 1)[0]?.replaceAll('`', '') ?? '',
      section.split(/^## /m)[0] ?? '',
    ]),
);

/** First and second columns of the table whose header begins with this. */
function rows(section: string, header: string): [name: string, type: string][] {
  const table = section.split(`\n| ${header} |`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([^`]+)` \| (?:`([^`]+)`)?/gm)].map(([, name = '', type = '']) => [
    name,
    type,
  ]);
}

function fieldsOf(type: protobuf.Type): [name: string, type: string][] {
  return type.fieldsArray.map((field) => {
    const kind = field.resolvedType?.fullName.slice(1) ?? field.type;
    const label = field.repeated ? 'repeated ' : field.options?.proto3_optional ? 'optional ' : '';
    return [field.name, `${label}${kind}`];
  });
}

function block(section: string, name: string): unknown {
  return JSON.parse(section.split(`\`\`\`json ${name}\n`)[1]?.split('```')[0] ?? 'null');
}

/** What several RPCs answer. */
const messages = [
  'Ticket',
  'Agent',
  'Comment',
  'Change',
  'View',
  'StatusCount',
  'CreateOutcome',
  'CreateResult',
  'Rejection',
  'TicketFailure',
  'ExportedTicket',
  'ImportedTicket',
];
const rpcs = [...sections.keys()].filter((heading) => heading in service.methods);

it('names every RPC, message and enum of the contract, and nothing else', () => {
  const names: string[] = [];
  const visit = (namespace: protobuf.NamespaceBase) => {
    for (const each of namespace.nestedArray) {
      if (each instanceof protobuf.Type || each instanceof protobuf.Enum) names.push(each.fullName.slice(1));
      if (each instanceof protobuf.Namespace && !(each instanceof protobuf.Service)) visit(each);
    }
  };
  visit(root);
  const exchanged = service.methodsArray.flatMap(({ requestType, responseType }) => [
    requestType,
    responseType,
  ]);
  const shared = names.filter((name) => messages.includes(name) || !exchanged.includes(name));
  expect([...sections.keys()].sort()).toEqual([...Object.keys(service.methods), ...shared].sort());
});

describe.each(rpcs)('%s', (name) => {
  const section = sections.get(name) ?? '';
  const method = service.methods[name] as protobuf.Method;

  it('is described with its messages, and each of their fields and types', () => {
    expect(section.split('\n\n')[1]?.length).toBeGreaterThan(20);
    expect(section).toContain(`Request \`${method.requestType}\`, answer`);
    expect(section).toMatch(new RegExp(`answer (stream of )?\`${method.responseType}\``));
    expect(section.includes('stream of')).toBe(method.responseStream === true);
    expect(rows(section, "request's field")).toEqual(fieldsOf(root.lookupType(method.requestType)));
    // A message that has a section of its own is described there.
    if (messages.includes(method.responseType)) {
      expect(section).toContain(`The answer is the [${method.responseType}](`);
    } else {
      expect(rows(section, "answer's field")).toEqual(fieldsOf(root.lookupType(method.responseType)));
    }
  });
});

it.each(messages)('describes each field of %s', (name) => {
  expect(rows(sections.get(name) ?? '', 'field')).toEqual(fieldsOf(root.lookupType(name)));
});

it.each(['TicketOrder', 'CommentKind', 'WatchTicketsResponse.Kind'])('describes each value of %s', (name) => {
  const values = rows(sections.get(name) ?? '', 'value').map(([value]) => value);
  expect(values).toEqual(Object.keys(root.lookupEnum(name).values));
});

describe('the queue', () => {
  const section = text.split('\n## The queue\n')[1]?.split('\n## ')[0] ?? '';
  const body = block(section, 'body') as Record<string, unknown>;
  const defaults = { requestId: 'made of the message', createdAt: 'of the message' };

  it('is described with each field that a producer of ours writes', () => {
    const written = JSON.parse(encodeCreate(decodeCreate(JSON.stringify(body), defaults)));
    expect(written).toEqual(body);
    expect(rows(section, "body's field")).toEqual(
      Object.entries(written).map(([name, value]) => [name, Array.isArray(value) ? 'array' : typeof value]),
    );
  });

  it('demands the fields that the reference says it demands, and ignores others', () => {
    for (const [name] of rows(section, "body's field")) {
      const without = JSON.stringify({ ...body, [name]: undefined, somethingElse: 1 });
      if (section.includes(`| \`${name}\` | \`${typeof body[name]}\` | yes |`)) {
        expect(() => decodeCreate(without, defaults), name).toThrow(expect.objectContaining({ field: name }));
      } else {
        expect(decodeCreate(without, defaults), name).toEqual({
          revision: 0,
          ...defaults,
          ...JSON.parse(without),
          somethingElse: undefined,
        });
      }
    }
  });

  it('is, unless told otherwise, the topic and channel that the reference names', () => {
    const { nsq } = readTicketServiceConfig({
      POSTGRES_URL: 'postgresql://x',
      NSQD_TCP_ADDRESS: 'nsqd:4150',
    });
    expect(section).toContain(`topic \`${nsq?.topic}\`, channel \`${nsq?.channel}\``);
  });
});

describe('the examples', () => {
  let postgres: TestPostgres;
  let desk: TestService;
  let bo: TestCaller;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    desk = await startTestService({ postgresUrl: await postgres.createDatabase() });
    bo = connect(desk.address, undefined, JSON.stringify({ id: 'bo', name: 'Bo' }));
  });
  afterAll(async () => {
    bo.close();
    await desk.stop();
    await postgres.stop();
  });

  it('answer on a fresh service, in their order, what is written there', async () => {
    expect(rpcs).toHaveLength(service.methodsArray.length);
    for (const name of rpcs) {
      const section = sections.get(name) ?? '';
      const request = block(section, 'request');
      const answer =
        name === 'WatchTickets'
          ? await bo.watch((request as { resumeToken?: string }).resumeToken).nextOfAll()
          : await bo.call(name as 'GetTicketList', request as object);
      const written = block(section, 'answer') as object;
      expect(blurred(answer), name).toEqual(blurred(withDefaults(name, written)));
    }
  });

  function withDefaults(name: string, answer: object): object {
    const type = contractPackage[service.methods[name]?.responseType ?? ''] as MessageTypeDefinition<
      object,
      object
    >;
    return type.deserialize(type.serialize(answer));
  }

  /** What differs from one run to the next: times of writing, and what is opaque. */
  function blurred(answer: object): unknown {
    return JSON.parse(
      JSON.stringify(answer, function (this: object, key, value) {
        // A ticket's createdAt is the request's own.
        const isTime =
          /^(updatedAt|editedAt|lastSeenAt|at)$/.test(key) || (key === 'createdAt' && 'body' in this);
        if (isTime) return String(value).replace(/\d/g, '0');
        if (key === 'resumeToken') return value !== '';
        return key === 'cursors' ? value.map((cursor: string) => cursor !== '') : value;
      }),
    );
  }
});
