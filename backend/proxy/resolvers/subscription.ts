import type { Job } from '../bulk/jobs.ts';
import type { TicketEvent, TicketPresence } from '../client/types.ts';
import type { ProxyContext } from '../context.ts';
import type { Import } from '../import/imports.ts';
import type { OutboxEvent } from '../outbox/entry.ts';
import type { WriteEvent } from '../writes/writes.ts';
import { eventStream } from './event-stream.ts';
import type { Link, SubscriptionResolvers } from './generated/resolvers.ts';
import { linkView, standing } from './query.ts';

/** Each event is the field's value itself. */
export const subscriptions = {
  ticketChanged: {
    subscribe: (_parent, _args, { client }) => eventStream({ subscribe: client.onTicket }),
    resolve: (event: TicketEvent) => event,
  },
  outboxChanged: {
    subscribe: (_parent, _args, { outbox }) => eventStream({ subscribe: outbox.onChange }),
    resolve: (event: OutboxEvent, _args: object, context: ProxyContext) => ({
      ...event,
      ...standing(context),
    }),
  },
  bulkJobChanged: {
    subscribe: (_parent, _args, { jobs }) => eventStream({ subscribe: jobs.onChange }),
    resolve: (job: Job) => job,
  },
  importChanged: {
    subscribe: (_parent, _args, { imports }) => eventStream({ subscribe: imports.onChange }),
    resolve: (one: Import) => one,
  },
  presenceChanged: {
    subscribe: (_parent, _args, { client: { present } }) =>
      eventStream({ first: present.all(), subscribe: present.onChange }),
    resolve: (event: TicketPresence) => event,
  },
  queuedWriteChanged: {
    subscribe: (_parent, _args, { writes }) => eventStream({ subscribe: writes.onChange }),
    resolve({ write, left }: WriteEvent, _args: object, context: ProxyContext) {
      const { waiting, failed } = standing(context);
      return { write, removed: left !== undefined, stored: left?.state === 'STORED', waiting, failed };
    },
  },
  linkChanged: {
    subscribe: (_parent, _args, context) =>
      eventStream({
        first: [linkView(context, context.client.link())],
        subscribe: (push) => context.client.onLink((status) => push(linkView(context, status))),
      }),
    resolve: (event: Link) => event,
  },
} satisfies SubscriptionResolvers;
