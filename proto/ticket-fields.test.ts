/** The two contracts are written by hand: what they say of a ticket's fields is what the declaration says, both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
} from 'graphql';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import {
  createFieldNames,
  editFieldNames,
  fieldNames,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  sortNames,
  ticketFields,
  ticketOrders,
} from './ticket-fields.ts';

const schema = buildSchema(
  readFileSync(join(import.meta.dirname, '../backend/proxy/schema.graphql'), 'utf8'),
);
const proto = new protobuf.Root().loadSync(join(import.meta.dirname, 'ticket_service.proto'));

function graphqlFields(type: string): string[] {
  return Object.keys((schema.getType(type) as GraphQLObjectType | GraphQLInputObjectType).getFields());
}

function enumValues(type: string): string[] {
  return (schema.getType(type) as GraphQLEnumType).getValues().map(({ name }) => name);
}

function messageFields(message: string): string[] {
  return Object.keys(proto.lookupType(message).fields);
}

const filters = [
  ...filterFieldNames.map((name) => String(fieldOf(name).filter)),
  ...personFieldNames.map((name) => ticketFields[name].noneFilter),
];
/** Where agents have names, and not ids alone. */
const agents = personFieldNames.map((name) => ticketFields[name].agent);
/** Of every ticket, said by nobody: the service gives them. */
const given = ['id', 'createdAt', 'updatedAt', 'version', 'requestId'];

/** A message or type, the declared names that it has, and all that it has beside them. */
const places: [type: string, declared: readonly string[], beside: string[]][] = [
  ['Ticket', [...fieldNames, ...agents], [...given, 'asOf', 'comments', 'history']],
  ['NewTicket', createFieldNames, ['requestId']],
  ['UpdateTicket', editFieldNames, ['id', 'expectedVersion', 'requestId', 'ticketRequestId']],
  ['TicketChanges', editFieldNames, []],
  ['EditCreate', createFieldNames, ['requestId']],
  ['CreateText', createFieldNames, []],
  [
    'OutboxEntry',
    createFieldNames,
    [
      ...['requestId', 'createdAt', 'state', 'id', 'attempts'],
      ...['lastError', 'lastErrorField', 'nextAttemptAt', 'conflict'],
    ],
  ],
  ['TicketFilter', filters, ['id', 'ids', 'status', 'text', 'query', 'timeZone']],
];

describe('schema.graphql', () => {
  it.each(places)('%s has what is declared, and nothing else of a ticket', (type, declared, beside) => {
    expect(graphqlFields(type).sort()).toEqual([...declared, ...beside].sort());
  });
});

const messages: [message: string, declared: readonly string[], beside: string[]][] = [
  ['Ticket', [...fieldNames.filter((name) => fieldOf(name).kind !== 'person'), ...agents], given],
  ['CreateTicketRequest', createFieldNames, ['requestId', 'createdAt', 'revision']],
  ['UpdateTicketRequest', editFieldNames, ['id', 'expectedVersion', 'requestId', 'merge', 'ownVersions']],
  ['GetTicketListRequest', filters, ['id', 'status', 'text', 'query', 'timeZone']],
  [
    'ListTicketsRequest',
    filters,
    ['ids', 'text', 'query', 'timeZone', 'pageSize', 'pageToken', 'order', 'backwards'],
  ],
];

describe('ticket_service.proto', () => {
  it.each(messages)('%s has what is declared, and nothing else of a ticket', (message, declared, beside) => {
    expect(messageFields(message).sort()).toEqual([...declared, ...beside].sort());
  });

  it('TicketOrder names every order', () => {
    expect(Object.keys(proto.lookupEnum('TicketOrder').values).sort()).toEqual(
      Object.keys(ticketOrders).sort(),
    );
  });
});

it('TicketSortField names every sort', () => {
  expect(enumValues('TicketSortField')).toEqual([...sortNames]);
});

it('every sort has both directions', () => {
  expect(Object.keys(ticketOrders)).toHaveLength(sortNames.length * 2);
});
