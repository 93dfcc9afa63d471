/**
 * By which a create that is sent again is told from another text under the same request id. The ticket service keeps
 * the digest for as long as it knows the id; the ticket itself may be edited, deleted and forgotten.
 */
import { createHash } from 'node:crypto';
import { canonical, emptyOf, textOf } from '../proto/field-kinds.ts';
import {
  type CreateFieldName,
  createFieldNames,
  fieldOf,
  type NewTicketValues,
} from '../proto/ticket-fields.ts';

/**
 * In alphabetical order, without those that have the value of one that is left out: a field that is declared later
 * changes no digest of before.
 */
const fields = [...createFieldNames].sort();

function given(name: CreateFieldName, text: NewTicketValues): string {
  const field = fieldOf(name);
  const value = textOf(canonical(field, text[name] ?? null));
  return value === textOf(emptyOf(field)) ? '' : value;
}

/** Of the canonical form below: another form gets another number, and so never the digest of this one. */
const form = 'create 1';

/** SHA-256 of the form's name, then NUL, name, NUL, value of each field that is not left out. No value holds a NUL. */
export function digestOf(text: NewTicketValues): Buffer {
  const parts = [
    form,
    ...fields.filter((name) => given(name, text)).flatMap((name) => [name, given(name, text)]),
  ];
  return createHash('sha256').update(parts.join('\0')).digest();
}

export function hexDigestOf(text: NewTicketValues): string {
  return digestOf(text).toString('hex');
}

export function sameText(a: NewTicketValues, b: NewTicketValues): boolean {
  return fields.every((name) => given(name, a) === given(name, b));
}
