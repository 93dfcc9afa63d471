/**
 * By which a create that is sent again is told from another text under the same request id. The ticket service keeps
 * the digest for as long as it knows the id; the ticket itself may be edited, deleted and forgotten.
 */
import { createHash } from 'node:crypto';
import type { NewTicket } from './domain/ticket.ts';

/** What the author of a create declares: all but how it travels. */
export type CreateText = Omit<NewTicket, 'requestId' | 'createdAt' | 'revision'>;

/**
 * Every declared field, in alphabetical order, with the value that it has when it is left out. A field that is
 * declared later joins the list and changes no digest of before, as long as it is left out.
 */
const declared: Readonly<Record<keyof CreateText, string>> = { description: '', name: '', title: '' };
const fields = Object.keys(declared) as (keyof CreateText)[];

/** Of the canonical form below: another form gets another number, and so never the digest of this one. */
const form = 'create 1';

/** SHA-256 of the form's name, then NUL, name, NUL, value of each field that is not left out. No value holds a NUL. */
export function digestOf(text: CreateText): Buffer {
  const given = fields.filter((field) => text[field] !== declared[field]);
  const parts = [form, ...given.flatMap((field) => [field, text[field]])];
  return createHash('sha256').update(parts.join('\0')).digest();
}
