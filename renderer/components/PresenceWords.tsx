/** Who else is at a ticket, said as it changes. */
import { useNameOf } from '../state/agents.tsx';
import { presenceWords, usePresent } from '../state/presence.ts';

/** @param id null while the ticket has no number: then nobody else can be there. */
export function PresenceWords({ id }: { id: number | null }) {
  const present = usePresent(id ?? 0);
  return (
    <span className="small text-body-secondary text-truncate" role="status">
      {presenceWords(present, useNameOf())}
    </span>
  );
}
