import { abilities } from '../../../proto/abilities.ts';
import type { GetServerInfoRequest__Output } from '../../../proto/generated/GetServerInfoRequest.ts';
import type { GetServerInfoResponse } from '../../../proto/generated/GetServerInfoResponse.ts';
import type { Logger } from '../../logger.ts';
import type { Callers } from './callers.ts';
import type { UnaryRpc } from './rpc.ts';

/** What a peer tells goes to the log only where it looks like a version. */
const versionPattern = /^[\w.+-]{1,64}$/;

/** The first call of every session of a proxy. */
export function getServerInfo(options: {
  version: string;
  queueTopic?: string | undefined;
  callers: Callers;
  logger: Logger;
}): UnaryRpc<GetServerInfoRequest__Output, GetServerInfoResponse> {
  const { version, queueTopic = '', callers, logger } = options;
  return async (_desk, peer, caller) => {
    callers.shakeHands(caller.peer);
    const told = versionPattern.test(peer.version) ? peer.version : 'not told';
    logger.info({ peerVersion: told, peerAbilities: peer.abilities.length }, 'a proxy has linked');
    return { version, abilities: [...abilities], queueTopic };
  };
}
