/** The connection to the ticket service, for whoever runs it: its address, its version, and what is wrong. */
import { Fragment } from 'react';
import type { LinkState } from '../../graphql/generated/operations.ts';
import { useBlockedBy, useLink } from '../../state/live.tsx';
import { exactTime } from '../../state/relative-time.ts';

const stateWords: Record<LinkState, string> = {
  CONNECTED: 'Connected',
  CONNECTING: 'Connecting',
  OFFLINE: 'Offline',
};

export function ConnectionSection() {
  const link = useLink();
  const blockedBy = useBlockedBy();
  const facts = [
    ['Ticket service', link.service || null],
    ['Version', link.serviceVersion],
    ['State', `${stateWords[link.state]} since ${exactTime(link.since)}`],
    ['Why', link.reason],
    // Where the link itself is away, that is why.
    ['New tickets wait', link.state === 'CONNECTED' ? blockedBy : null],
  ] as const;
  return (
    <section aria-labelledby="connection">
      <h3 id="connection" className="h6">
        Connection
      </h3>
      <dl className="row small mb-0">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <Fragment key={name}>
                <dt className="col-4 fw-normal text-body-secondary">{name}</dt>
                <dd className="col-8 text-break mb-1">{value}</dd>
              </Fragment>
            ),
        )}
      </dl>
    </section>
  );
}
