/**
 * Lets nobody in who has no token, to any service on the server but gRPC's own health check; and, where an operator has
 * named their addresses, older proxies, which have none, to the base contract.
 */
import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import { addressMatcher } from '../../address-ranges.ts';
import type { LogRefusal } from '../../counted-log.ts';
import type { ApiTokens } from '../../secrets.ts';
import { baseRpcs } from './callers.ts';

const open = /^\/grpc\.health\.v1\.Health\//;

const words = {
  none: 'The ticket service demands a token, and none came. Send metadata "authorization: Bearer <token>".',
  unknown: 'The ticket service demands a token, and this is none of its own. Check it, or ask for a new one.',
  expired: 'This token has expired. Ask whoever runs the ticket service for a new one.',
};

/** `auth-failure` in the trailing metadata tells a program what the text tells a person. */
function refusalOf(reason: keyof typeof words): Parameters<ServerInterceptingCall['sendStatus']>[0] {
  const metadata = new Metadata();
  metadata.set('auth-failure', reason);
  return { code: status.UNAUTHENTICATED, details: words[reason], metadata };
}

/** A stream that is open when its token is withdrawn or expires ends like a call without one. */
export function requireToken(options: {
  tokens: ApiTokens;
  logRefusal: LogRefusal;
  admitWithoutToken?: readonly string[] | undefined;
}): ServerInterceptor {
  const { tokens, logRefusal, admitWithoutToken = [] } = options;
  const isNamed = addressMatcher(admitWithoutToken);
  return (method, call) => {
    if (!tokens.demanded || open.test(method.path)) return new ServerInterceptingCall(call);
    const needsNone = baseRpcs.has(method.path) && isNamed(call.getConnectionInfo().remoteAddress);
    let stopListening: (() => void) | undefined;
    let shown: string | undefined;
    const refuse = (authorization: string | undefined): boolean => {
      // A token that is shown has to be a good one, from wherever it comes.
      if (needsNone && authorization === undefined) return false;
      const admission = tokens.admits(authorization);
      if (admission.admitted) return false;
      logRefusal({ ...admission, peer: call.getPeer() });
      call.sendStatus(refusalOf(admission.reason));
      return true;
    };
    return new ServerInterceptingCall(call, {
      start(next) {
        const listener = new ServerListenerBuilder()
          .withOnReceiveMetadata((metadata, pass) => {
            shown = metadata.get('authorization')[0]?.toString();
            if (refuse(shown)) return;
            if (method.responseStream) stopListening = tokens.onWithdrawn(shown, () => refuse(shown));
            pass(metadata);
          })
          // It may come as long after the metadata as its sender likes.
          .withOnReceiveMessage((message, pass) => {
            if (!refuse(shown)) pass(message);
          })
          // Comes at every end, a good one too.
          .withOnCancel(() => stopListening?.())
          .build();
        next(listener);
      },
    });
  };
}
