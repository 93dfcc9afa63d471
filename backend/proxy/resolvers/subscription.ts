import type { Link, SubscriptionResolvers, TicketChange } from '../generated/resolvers.ts';
import type { OutboxEvent } from '../outbox/entry.ts';
import { eventStream } from './event-stream.ts';
import { linkView } from './query.ts';

/** Each event is the field's value itself. */
export const subscriptions = {
  ticketChanged: {
    subscribe: (_parent, _args, { client }) => eventStream({ subscribe: client.onTicket }),
    resolve: (event: TicketChange) => event,
  },
  outboxChanged: {
    subscribe: (_parent, _args, { outbox }) => eventStream({ subscribe: (push) => outbox.onChange(push) }),
    resolve: (event: OutboxEvent) => event,
  },
  linkChanged: {
    subscribe: (_parent, _args, context) =>
      eventStream({
        first: linkView(context, context.client.link()),
        subscribe: (push) => context.client.onLink((status) => push(linkView(context, status))),
      }),
    resolve: (event: Link) => event,
  },
} satisfies SubscriptionResolvers;
