import type { handleServerStreamingCall } from '@grpc/grpc-js';
import type { WatchTicketsRequest__Output } from '../../../proto/generated/WatchTicketsRequest.ts';
import type { WatchTicketsResponse } from '../../../proto/generated/WatchTicketsResponse.ts';
import type { Logger } from '../../logger.ts';
import type { ChangeFeed, Watch } from '../change-feed/change-feed.ts';
import { createEventQueue } from '../change-feed/event-queue.ts';
import type { FeedEvent } from '../change-feed/feed-event.ts';
import { commentMessage } from './comment-rpcs.ts';
import { toWireError } from './error-status.ts';
import { presenceMessage } from './presence-rpcs.ts';
import { toMessage } from './rpc.ts';

export function watchTickets(
  feed: ChangeFeed,
  logger: Logger,
): handleServerStreamingCall<WatchTicketsRequest__Output, WatchTicketsResponse> {
  return (call) => {
    const fail = (thrown: unknown) => call.emit('error', toWireError(thrown, 'WatchTickets', logger));
    const queue = createEventQueue((event) => call.write(toResponse(event, feed)));
    call.on('drain', () => queue.drained());
    let watch: Watch;
    try {
      watch = feed.watch(call.request.resumeToken, {
        tell: (event) => queue.push(event),
        end: (error) => (error === undefined ? call.end() : fail(error)),
      });
    } catch (thrown) {
      fail(thrown);
      return;
    }
    call.on('cancelled', () => watch.stop());
  };
}

function toResponse(event: FeedEvent, feed: ChangeFeed): WatchTicketsResponse {
  const base = { kind: event.kind, resumeToken: feed.token(event.position) };
  if ('ticket' in event) {
    const { ticket, comment } = event;
    return {
      ...base,
      id: ticket.id,
      ticket: toMessage(ticket),
      ...(comment && { comment: commentMessage(comment) }),
    };
  }
  if (event.kind === 'PRESENCE') return { ...base, presence: presenceMessage(event.presence) };
  return event.kind === 'DELETED' ? { ...base, id: event.id } : base;
}
