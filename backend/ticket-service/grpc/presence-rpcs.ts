/** Who is where: told to every service of this database, and by each to those who watch. */
import type { Presence as PresenceMessage } from '../../../proto/generated/Presence.ts';
import type { Presence } from '../../domain/agent.ts';
import { checkId, checkRequestId } from '../use-cases/input.ts';
import type { Rpc } from './rpc.ts';

/** Of whoever has no name there is nothing to tell. */
export const reportPresence: Rpc<'ReportPresence'> = async ({ store }, request, { agent }) => {
  const { place, ticketId, isTyping } = request;
  checkRequestId(place, 'place');
  if (ticketId !== 0) checkId(ticketId, 'ticketId');

  if (agent) await store.presence.tell({ place, agent, ticketId: ticketId || null, isTyping });
  return {};
};

export function presenceMessage({ ticketId, ...presence }: Presence): PresenceMessage {
  return { ...presence, ticketId: ticketId ?? 0 };
}
