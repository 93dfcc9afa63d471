/**
 * A create on its way through the queue: UTF-8 JSON `{"title","description","name"}`, which is all that an older
 * peer writes and reads, with our `requestId`, `createdAt`, `revision` and
 * `agent` beside it. Unknown fields are ignored.
 */
import { type FieldValue, isValueOf } from '../../proto/field-kinds.ts';
import {
  type CreateFieldName,
  createFieldNames,
  fieldOf,
  isLeftOutByOlder,
  type NewTicketValues,
  newTicketValues,
} from '../../proto/ticket-fields.ts';
import { DeskError } from '../errors.ts';
import { readAgent } from './agent.ts';
import { countProblem, type NewTicket, refuse, requestIdProblem } from './ticket.ts';

/** What a body may leave out, taken from the message that carries it. */
export interface MessageDefaults {
  /** A UUID; the same for every delivery of the same message. */
  requestId: string;
  /** RFC 3339. */
  createdAt: string;
}

export function encodeCreate(create: NewTicket): string {
  const { requestId, createdAt, revision = 0, agent } = create;
  return JSON.stringify({
    ...newTicketValues(create),
    requestId,
    createdAt,
    ...(revision > 0 && { revision }),
    ...(agent && { agent }),
  });
}

/**
 * Reads the form alone; whether the text is acceptable is the use case's to judge.
 * @throws DeskError BAD_USER_INPUT: can never be read; `field` names the field at fault, where it is one.
 */
export function decodeCreate(body: string, defaults: MessageDefaults): NewTicket & { revision: number } {
  const value = parseObject(body);
  const text = (field: string): string => {
    const given = value[field];
    if (typeof given === 'string') return given;
    throw refusal(`${field} is ${given === undefined ? 'missing' : 'not a text'}. Send it as a text.`, field);
  };
  const given = (name: CreateFieldName): FieldValue => {
    const field = fieldOf(name);
    if (isValueOf(field, value[name])) return value[name];
    if (field.kind !== 'set') return text(name);
    throw refusal(`${name} is not a list of texts. Send it as one.`, name);
  };
  const names = createFieldNames.filter((name) => value[name] !== undefined || !isLeftOutByOlder(name));
  const values = Object.fromEntries(names.map((name) => [name, given(name)])) as NewTicketValues;
  return {
    ...values,
    requestId: value.requestId === undefined ? defaults.requestId : text('requestId'),
    createdAt: value.createdAt === undefined ? defaults.createdAt : text('createdAt'),
    revision: revisionOf(value.revision),
    agent: readAgent(value.agent),
  };
}

/** Which create a body is that can't be used, as far as it can be read. */
export function identifyCreate(
  body: string,
  { requestId }: MessageDefaults,
): { requestId: string; revision: number } {
  const value = orElse(() => parseObject(body), {});
  const given = value.requestId;
  return {
    requestId: typeof given === 'string' && !requestIdProblem(given) ? given : requestId,
    revision: orElse(() => revisionOf(value.revision), 0),
  };
}

function orElse<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw refusal('The message is no JSON object. Send {"title", "description", "name"}.');
}

function revisionOf(given: unknown): number {
  const revision = (given === undefined ? 0 : given) as number;
  refuse(countProblem('revision', revision));
  return revision;
}

function refusal(message: string, field?: string): DeskError {
  return new DeskError('BAD_USER_INPUT', message, field === undefined ? {} : { field });
}
