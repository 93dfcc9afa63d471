/** Lets nobody in who has no token, to any service on the server but gRPC's own health check. */
import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';
import { bearsToken } from '../../secrets.ts';

const open = /^\/grpc\.health\.v1\.Health\//;

export function requireToken(apiTokens: readonly string[]): ServerInterceptor {
  return (method, call) => {
    if (apiTokens.length === 0 || open.test(method.path)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start(next) {
        const listener = new ServerListenerBuilder()
          .withOnReceiveMetadata((metadata, pass) => {
            const [authorization] = metadata.get('authorization');
            if (bearsToken(authorization?.toString(), apiTokens)) return pass(metadata);
            call.sendStatus({
              code: status.UNAUTHENTICATED,
              details:
                'The ticket service demands a token, and this is none of its own. Send metadata "authorization: Bearer <token>".',
            });
          })
          .build();
        next(listener);
      },
    });
  };
}
