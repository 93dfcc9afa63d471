/** Every call of the gRPC server: how long it took, how it ended, and how many streams are open. */
import {
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import { Gauge, Histogram, type Registry } from 'prom-client';
import { durationBucketsSeconds, stopwatch } from './registry.ts';

/** Comes first among the interceptors, so that what the others refuse is counted as well. */
export function meterCalls(registry: Registry): ServerInterceptor {
  const durations = new Histogram({
    name: 'ticket_desk_grpc_request_duration_seconds',
    help: 'Time of one gRPC call until its status, by method and status; streams are not timed.',
    labelNames: ['method', 'code'],
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  const streams = new Gauge({
    name: 'ticket_desk_grpc_open_streams',
    help: 'Streams open now, by method: WatchTickets is one for each proxy.',
    labelNames: ['method'],
    registers: [registry],
  });
  return ({ path, responseStream }, call) => {
    const method = path.slice(path.lastIndexOf('/') + 1);
    if (responseStream) {
      streams.inc({ method });
      return whenEnded(call, () => streams.dec({ method }));
    }
    const elapsed = stopwatch();
    return whenEnded(call, (code) =>
      durations.observe({ method, code: status[code] ?? 'UNKNOWN' }, elapsed()),
    );
  };
}

/** Calls back once: with the status that is sent, or CANCELLED when the caller goes before. */
function whenEnded(
  call: ConstructorParameters<typeof ServerInterceptingCall>[0],
  tell: (code: status) => void,
): ServerInterceptingCall {
  let told = false;
  const end = (code: status) => {
    if (!told) tell(code);
    told = true;
  };
  const responder = new ResponderBuilder()
    .withStart((next) => next(new ServerListenerBuilder().withOnCancel(() => end(status.CANCELLED)).build()))
    .withSendStatus((sent, next) => {
      end(sent.code);
      next(sent);
    })
    .build();
  return new ServerInterceptingCall(call, responder);
}
