/** The calls that run, so that a stop which can't wait for one ends it by a status: a reset stream says nothing. */
import {
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';

export interface RunningCalls {
  readonly interceptor: ServerInterceptor;
  /** Answers each call that is still under way with UNAVAILABLE. */
  refuse(): void;
}

export function createRunningCalls(): RunningCalls {
  const running = new Set<ServerInterceptingCall>();
  return {
    interceptor(_method, call) {
      const whenCancelled = new ServerListenerBuilder().withOnCancel(() => running.delete(intercepting));
      const responder = new ResponderBuilder()
        .withStart((next) => next(whenCancelled.build()))
        .withSendStatus((sent, next) => {
          // One that was refused already is answered by its handler once more, to nobody.
          if (running.delete(intercepting)) next(sent);
        })
        .build();
      const intercepting = new ServerInterceptingCall(call, responder);
      running.add(intercepting);
      return intercepting;
    },
    refuse() {
      for (const call of running) {
        call.sendStatus({
          code: status.UNAVAILABLE,
          details:
            'The ticket service is stopping and could not finish this in time. Look whether it was done, then try again.',
        });
      }
    },
  };
}
