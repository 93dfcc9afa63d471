/** What is known of a request beside its text. */
import type { Agent } from '../domain/agent.ts';
import type { Jobs } from './bulk/jobs.ts';
import type { Caller } from './caller.ts';
import type { TicketClient } from './client/types.ts';
import type { Exports } from './export/exports.ts';
import type { Imports } from './import/imports.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Writes } from './writes/writes.ts';

/** Counts the text of an answer that could be too long. */
export interface Meter {
  /** Of every text that is answered. @returns it, or none once there is too much */
  answered<Value>(value: Value): Value | '';
  /** @throws HttpRefusal there was too much; what was answered is worth nothing. */
  check(): void;
}

/** What every resolver gets beside its arguments. */
export interface ProxyContext {
  /** Who acts; undefined: nobody known. */
  agent: Agent | undefined;
  caller: Caller;
  /** Of what may be long; left out: the answer can't be too long. */
  meter?: Meter;
  client: TicketClient;
  outbox: Outbox;
  writes: Writes;
  jobs: Jobs;
  exports: Exports;
  imports: Imports;
  /** What is linked to, for the person. */
  serviceLabel: string;
  /** What could not be read at the start and was set aside. */
  notices: readonly string[];
}
