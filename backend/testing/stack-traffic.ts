/**
 * What people do on a stack while it breaks: updates and deletes by the proxy and by each ticket service, and reads
 * by all of them, each held against the writes that had answered before it was asked.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { status as grpcStatus, type ServiceError } from '@grpc/grpc-js';
import type { TestCaller } from '../ticket-service/testing/service.ts';
import type { Random } from './random.ts';
import type { TestStack } from './team-stack.ts';

const statuses = ['New', 'In Progress', 'On Hold', 'Completed'] as const;
const pauseMs = 15;
const pageSize = 50;
/** Of how many tickets writes choose theirs: few, so that reads meet them. */
const workingSet = 30;

export interface TrafficReport {
  updates: number;
  deletes: number;
  reads: number;
  /** Reads that were older than a write which had answered before. */
  stale: string[];
  /** Answers that were neither success nor a failure that may pass. */
  wrong: string[];
}

/** What writes have answered about one ticket. */
interface Known {
  /** Versions, each with when it had answered. */
  written: { atMs: number; version: number }[];
  deletedAtMs: number | undefined;
  /** Deletes that were sent, whether or not they answered: from the first on it may be gone. */
  deletesSent: number;
}

interface Seen {
  id: number;
  version: number;
}

/** The description is another one each time: what changes nothing has no history. */
interface Changes {
  status: string;
  description: string;
}

/** One way in: to read, and to write. An id that is not there answers undefined. */
interface Way {
  name: string;
  read(id: number): Promise<Seen | undefined>;
  page(): Promise<Seen[]>;
  update(id: number, changes: Changes): Promise<Seen | undefined>;
  delete(id: number): Promise<boolean>;
}

export class Traffic {
  readonly report: TrafficReport = { updates: 0, deletes: 0, reads: 0, stale: [], wrong: [] };
  readonly #known = new Map<number, Known>();
  readonly #random: Random;
  readonly #done: Promise<unknown>;
  #writes = 0;
  #stopping = false;

  constructor(stack: TestStack, random: Random) {
    this.#random = random;
    const ways = [
      wayOfProxy(stack),
      ...stack.services.map((caller, which) => wayOfService(caller, `service ${which}`)),
    ];
    this.#done = Promise.all(
      ways.flatMap((way) => [this.#repeat(() => this.#write(way)), this.#repeat(() => this.#read(way))]),
    );
  }

  /** Of every ticket that was written to: the highest version that had answered, or that it was deleted. */
  outcome(): Map<number, { version: number; isDeleted: boolean }> {
    return new Map(
      [...this.#known].map(([id, known]) => [
        id,
        { version: writtenBefore(known, Infinity), isDeleted: known.deletedAtMs !== undefined },
      ]),
    );
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#done;
  }

  async #repeat(act: () => Promise<void>): Promise<void> {
    while (!this.#stopping) {
      try {
        await act();
      } catch (thrown) {
        if (!mayPass(thrown)) this.report.wrong.push(String(thrown));
      }
      await delay(pauseMs);
    }
  }

  async #write(way: Way): Promise<void> {
    const id = this.#pickId();
    const known = id === undefined ? undefined : this.#known.get(id);
    if (id === undefined || !known) return;
    if (this.#random.below(10) === 0) return await this.#delete(way, id, known);
    this.#writes += 1;
    const description = `traffic ${this.#writes}`;
    const written = await way.update(id, { status: this.#random.pick(statuses), description });
    if (written) {
      known.written.push({ atMs: performance.now(), version: written.version });
      this.report.updates += 1;
    } else if (known.deletesSent === 0) this.report.wrong.push(`${way.name}: no ticket ${id} to update`);
  }

  async #delete(way: Way, id: number, known: Known): Promise<void> {
    known.deletesSent += 1;
    const isDeleted = await way.delete(id);
    if (isDeleted) {
      known.deletedAtMs = performance.now();
      this.report.deletes += 1;
    } else if (known.deletesSent === 1) this.report.wrong.push(`${way.name}: no ticket ${id} to delete`);
  }

  async #read(way: Way): Promise<void> {
    const askedAtMs = performance.now();
    const id = this.#random.below(3) > 0 ? this.#pickId() : undefined;
    if (id === undefined) {
      for (const ticket of await way.page()) {
        if (!this.#known.has(ticket.id)) {
          this.#known.set(ticket.id, { written: [], deletedAtMs: undefined, deletesSent: 0 });
        }
        this.#judge(way, ticket.id, ticket, askedAtMs);
      }
    } else this.#judge(way, id, await way.read(id), askedAtMs);
    this.report.reads += 1;
  }

  #judge(way: Way, id: number, ticket: Seen | undefined, askedAtMs: number): void {
    const known = this.#known.get(id);
    if (!known) return;
    const tell = (what: string) => this.report.stale.push(`${way.name}: ticket ${id} ${what}`);
    if (!ticket) {
      if (known.deletesSent === 0) tell('was not there');
    } else if ((known.deletedAtMs ?? Infinity) < askedAtMs) {
      tell(`was there at version ${ticket.version}, after its delete`);
    } else {
      const version = writtenBefore(known, askedAtMs);
      if (ticket.version < version) tell(`was at version ${ticket.version}, after ${version}`);
    }
  }

  /** One of the newest; among them some that are gone. */
  #pickId(): number | undefined {
    const ids = [...this.#known.keys()].slice(-workingSet);
    return ids[this.#random.below(ids.length)];
  }
}

function writtenBefore({ written }: Known, timeMs: number): number {
  return Math.max(1, ...written.filter(({ atMs }) => atMs < timeMs).map(({ version }) => version));
}

/** A GraphQL answer that is an error. */
class Refused extends Error {
  constructor(
    message: string,
    readonly reason: unknown,
  ) {
    super(message);
  }
}

function mayPass(thrown: unknown): boolean {
  if (thrown instanceof Refused) return ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(String(thrown.reason));
  // The proxy is down, or went down under the answer.
  if (thrown instanceof TypeError || thrown instanceof SyntaxError) return true;
  const { UNAVAILABLE, DEADLINE_EXCEEDED } = grpcStatus;
  return [UNAVAILABLE, DEADLINE_EXCEEDED].includes((thrown as ServiceError).code);
}

function wayOfService(caller: TestCaller, name: string): Way {
  return {
    name,
    read: async (id) => (await caller.call('GetTicketList', { id })).tickets[0],
    page: async () => (await caller.call('ListTickets', { pageSize })).tickets,
    async update(id, changes) {
      const { success, ticket } = await caller.call('UpdateTicket', { id, ...changes });
      return success && ticket ? ticket : undefined;
    },
    delete: async (id) => (await caller.call('DeleteTicket', { id })).success,
  };
}

interface AsOf {
  asOf: string | null;
}

/** What was kept on the proxy's disk says so: it answers nobody who asks how things are now. */
function fresh<Read extends AsOf>(read: Read): Read {
  if (read.asOf === null) return read;
  throw new Refused(`proxy: as of ${read.asOf}`, 'UNAVAILABLE');
}

function wayOfProxy(stack: TestStack): Way {
  async function ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await stack.graphql<Data>(query, variables);
    const [error] = errors ?? [];
    if (error) throw new Refused(`proxy: ${error.message}`, error.extensions?.code);
    return data as Data;
  }
  return {
    name: 'proxy',
    async read(id) {
      const query = 'query ($id: Int!) { ticket(id: $id) { id version asOf } }';
      const { ticket } = await ask<{ ticket: (Seen & AsOf) | null }>(query, { id });
      return ticket ? fresh(ticket) : undefined;
    },
    async page() {
      const query =
        'query ($first: Int!) { ticketPage(first: $first) { asOf edges { node { id version } } } }';
      const { ticketPage } = await ask<{ ticketPage: AsOf & { edges: { node: Seen }[] } }>(query, {
        first: pageSize,
      });
      return fresh(ticketPage).edges.map(({ node }) => node);
    },
    async update(id, changes) {
      const query =
        'mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success ticket { id version } } }';
      const { updateTicket } = await ask<{ updateTicket: { success: boolean; ticket: Seen | null } }>(query, {
        input: { id, ...changes },
      });
      return updateTicket.success && updateTicket.ticket ? updateTicket.ticket : undefined;
    },
    async delete(id) {
      const query = 'mutation ($input: DeleteTicket!) { deleteTicket(input: $input) { success } }';
      return (await ask<{ deleteTicket: { success: boolean } }>(query, { input: { id } })).deleteTicket
        .success;
    },
  };
}
