import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../errors.ts';
import { until } from '../testing/desk-process.ts';
import { startTestService } from '../ticket-service/testing/service.ts';
import { typeDefs } from './generated/schema.ts';
import { linkState } from './testing/link-state.ts';
import { readParts } from './testing/multipart-reader.ts';
import { graphqlRequest, type ProxyOn, proxyOn, type RealDesk, startRealDesk } from './testing/real-proxy.ts';
import { sendFile } from './testing/send-file.ts';

interface Operation {
  kind: string;
  name: string;
  text: string;
  parameters: { name: string; type: string; required: boolean }[];
  query: string;
  variables: Record<string, unknown> | undefined;
  answer: unknown;
}

const idIn = (text: string) => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0] ?? '';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

function codeBlock(text: string, language: string): string | undefined {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1];
}

function readOperation(section: string): Operation {
  const [, name = '', kind = ''] = /^`(\w+)` \((\w+)\)/.exec(section) ?? [];
  const variables = codeBlock(section, 'json variables');
  const rows = section.matchAll(/^\| `([\w.]+)` \| `([^`]+)` \| (yes|no) \|/gm);
  return {
    kind,
    name,
    text: section,
    parameters: [...rows].map(([, parameter = '', type = '', required]) => ({
      name: parameter,
      type,
      required: required === 'yes',
    })),
    query: codeBlock(section, 'graphql') ?? '',
    variables: variables === undefined ? undefined : JSON.parse(variables),
    answer: JSON.parse(codeBlock(section, 'json') ?? 'null'),
  };
}

const operations = readme
  .split(/^### /m)
  .slice(1)
  .map((section) => readOperation(section.split(/^## /m)[0] as string));

/** The parameter, and its fields when it is an input object. */
function parametersOf(argument: GraphQLArgument) {
  const type = getNamedType(argument.type);
  const own = { name: argument.name, type: String(argument.type), required: isRequiredArgument(argument) };
  const fields = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  return [
    own,
    ...fields.map((field: GraphQLInputField) => ({
      name: `${argument.name}.${field.name}`,
      type: String(field.type),
      required: isRequiredInputField(field),
    })),
  ];
}

const schema = buildSchema(typeDefs);
const contract = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
  (type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      kind: String(type).toLowerCase(),
      name: field.name,
      parameters: field.args.flatMap(parametersOf),
    })),
);

describe('the reference and the contract', () => {
  it('name the same operations, with the same parameters, types and requirements', () => {
    const sorted = <Named extends { name: string }>(list: readonly Named[]) =>
      [...list].sort((a, b) => a.name.localeCompare(b.name));
    const described = operations.map(({ kind, name, parameters }) => ({
      kind,
      name,
      parameters: sorted(parameters),
    }));
    expect(sorted(described)).toEqual(
      sorted(contract.map((operation) => ({ ...operation, parameters: sorted(operation.parameters) }))),
    );
  });

  it('say of each operation without parameters that it has none, and describe each', () => {
    for (const { name, text, parameters } of operations) {
      expect(text.includes('No parameters.'), name).toBe(parameters.length === 0);
      expect(text.split('\n')[2], name).toMatch(/^\S.{20}/);
    }
  });

  it('name every error code, and none that there is not', () => {
    const table = readme.slice(readme.indexOf('## Errors'), readme.indexOf('## Queries'));
    expect([...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code)).toEqual([...errorCodes]);
    for (const { text } of operations) {
      const errors = /^Errors: (.*)$/m.exec(text)?.[1] ?? '';
      for (const [, code] of errors.matchAll(/`([A-Z_]+)`/g)) expect(errorCodes).toContain(code);
    }
  });
});

describe('the examples of the reference', () => {
  let online: RealDesk;
  /** Linked to nobody, with a create and a comment waiting. */
  let offline: ProxyOn;
  const agent = { id: 'bo', name: 'Bo' };
  const create = 'mutation($input: NewTicket!) { createTicket(input: $input) { success } }';
  const comment = 'mutation($input: AddComment!) { addComment(input: $input) { success } }';

  beforeAll(async () => {
    online = await startRealDesk(agent);
    const nobody = await startTestService({ postgresUrl: online.postgresUrl });
    await nobody.stop();
    offline = await proxyOn({ address: nobody.address, agent });
    const seeds = [
      ['Printer prints blank pages', 'Third floor, since Monday', '0198c5a7-3b1e-7c4d-8a2f-000000000001'],
      ['VPN drops at noon', 'Every day', '0198c5a7-3b1e-7c4d-8a2f-000000000002'],
    ];
    for (const [title, description, requestId] of seeds) {
      await online.ask(create, { input: { title, description, name: 'Ada', requestId } });
      await online.drained();
    }
    const { text: prepareImport, query } = operations.find(
      ({ name }) => name === 'prepareImport',
    ) as Operation;
    await sendFile(online.proxy.handle, idIn(query), codeBlock(prepareImport, 'csv')?.trimEnd() ?? '');
    const kept = { id: '0198c5a7-3b1e-7c4d-8a2f-0000000000a1', name: 'Printers of mine', shared: false };
    await online.ask('mutation($input: SaveView!) { saveView(input: $input) { success } }', {
      input: { ...kept, query: 'printer assignee:me', columns: ['id', 'title'], key: 'q' },
    });
    const requestId = '0198c5a7-3b1e-7c4d-8a2f-00000000000a';
    await offline.ask(create, {
      input: { title: 'Filed without a link', description: '', name: 'Bo', requestId },
    });
    await offline.ask(comment, {
      input: {
        ...{ requestId: '0198c5a7-3b1e-7c4d-8a2f-00000000000c', ticketId: 1, kind: 'NOTE' },
        body: 'Written without a link',
      },
    });
  });
  afterAll(async () => {
    await offline.stop();
    await online.stop();
  });

  /** What differs from run to run: moments and cursors. */
  function settled(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (key, held) => {
        if (/^(cursor|startCursor|endCursor)$/.test(key)) return held === null ? null : 'cursor';
        return typeof held === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(held) ? 'moment' : held;
      }),
    );
  }

  const aboutWhatWaits = /^outbox|^queuedWrite|(Create|Write)$/;

  it.each(operations.filter(({ kind }) => kind !== 'subscription'))(
    '$name',
    async ({ name, query, variables, answer }) => {
      const desk = aboutWhatWaits.test(name) ? offline : online;
      const { status, ...given } = await desk.ask(query, variables);
      expect(status).toBe(200);
      expect(settled(given)).toEqual(settled(answer));
      await online.drained();
      await until(
        async () =>
          !JSON.stringify(await online.ask('{ bulkJobs { state } imports { state } }')).includes('RUNNING'),
      );
    },
  );

  it.each(operations.filter(({ kind }) => kind === 'subscription'))(
    '$name',
    async ({ name, query, answer }) => {
      await linkState(online.client, 'CONNECTED');
      const desk = aboutWhatWaits.test(name) ? offline : online;
      const parts = readParts(await desk.proxy.handle(graphqlRequest({ query })));
      const first = parts.next();
      if (name === 'queuedWriteChanged') {
        await desk.ask(comment, { input: { ticketId: 1, kind: 'NOTE', body: 'Told at once' } });
      } else if (name === 'presenceChanged') {
        await desk.ask(
          'mutation { reportPresence(input: { place: "0198c5a7-3b1e-7c4d-8a2f-0000000000f1", ticketId: 1, isTyping: true }) { success } }',
        );
      } else if (name === 'bulkJobChanged') {
        const input = { id: '0198c5a7-3b1e-7c4d-8a2f-0000000000d3', ids: [1], isDelete: true };
        await desk.ask('mutation ($input: PrepareBulk!) { prepareBulk(input: $input) { id } }', { input });
      } else if (name === 'importChanged') {
        const id = '0198c5a7-3b1e-7c4d-8a2f-0000000000f2';
        await sendFile(desk.proxy.handle, id, 'title,name');
        const input = { id, fileName: 'told.csv', bytes: 10 };
        await desk.ask('mutation ($input: PrepareImport!) { prepareImport(input: $input) { id } }', {
          input,
        });
      } else if (name !== 'linkChanged') {
        await desk.ask(create, { input: { title: 'Told at once', description: '', name: 'Di' } });
      }
      let part = (await first) as {
        payload: { data: { ticketChanged?: { ticket: { title: string } | null } } };
      };
      // A change of the example before may still be on its way when this one begins to listen.
      while (name === 'ticketChanged' && part.payload.data.ticketChanged?.ticket?.title !== 'Told at once') {
        part = (await parts.next()) as typeof part;
      }
      // Before it comes who is there already.
      if (name === 'presenceChanged' && !JSON.stringify(part).includes('"isTyping":true')) {
        part = (await parts.next()) as typeof part;
      }
      expect(settled(part.payload)).toEqual(settled(answer));
      await parts.cancel();
    },
  );
});
