import type { LinkStatus } from '../client/types.ts';
import type { ProxyContext } from '../context.ts';
import type { Link } from '../generated/resolvers.ts';

export function linkView({ serviceLabel }: ProxyContext, status: LinkStatus): Link {
  return { ...status, service: serviceLabel };
}
