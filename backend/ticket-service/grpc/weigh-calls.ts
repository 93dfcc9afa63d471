/** Holds a call whose answer would be too much beside those that are under way, until these have been taken by their callers. */
import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';
import { limits } from '../../../proto/checks.ts';
import { DeskError } from '../../errors.ts';
import { Lanes, longestListWeight, rowWeight, type Share } from '../../weight.ts';

interface Asked {
  id?: number;
  pageSize?: number;
}
const page = (row: number) => (asked: Asked) =>
  row * Math.min(Math.max(asked.pageSize || limits.defaultPageSize, 1), limits.maxPageSize);

/** What is read for an answer. Of other calls it is little, or they are bounded in their own way. */
const weights: Record<string, (asked: Asked) => number> = {
  GetTicketList: ({ id }) => (id ? rowWeight.ticket : longestListWeight),
  ListTickets: page(rowWeight.ticket),
  ListComments: page(rowWeight.comment),
  ListTicketHistory: page(rowWeight.change),
  // As long as a request may be, and read into what is longer.
  ImportTickets: () => longestListWeight / 2,
};

export function weighCalls(): ServerInterceptor {
  const lanes = new Lanes(longestListWeight);
  return (method, call) => {
    const weightOf = weights[method.path.slice(method.path.lastIndexOf('/') + 1)];
    if (!weightOf) return new ServerInterceptingCall(call);
    const over = new AbortController();
    let share: Share | undefined;
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, pass) => {
        lanes.take(weightOf(message), over.signal).then(
          (taken) => {
            share = taken;
            // It may have been given up in the same turn.
            if (over.signal.aborted) share.release();
            else pass(message);
          },
          (thrown) => {
            if (!(thrown instanceof DeskError)) return;
            call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: thrown.message });
          },
        );
      })
      // Comes at every end, once the answer is with the caller.
      .withOnCancel(() => {
        // To abort costs more than all else here.
        if (share) share.release();
        else over.abort();
      })
      .build();
    return new ServerInterceptingCall(call, { start: (next) => next(listener) });
  };
}
