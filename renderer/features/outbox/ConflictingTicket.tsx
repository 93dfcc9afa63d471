/** The ticket that was filed in the place of a create: its text as it is now, to be held beside the one that was not filed. */
import { useQuery } from '@apollo/client/react';
import { factNames } from '../../../proto/ticket-fields.ts';
import { OpenTicket } from '../../components/OpenTicket.tsx';
import { TicketReading } from '../../components/TicketReading.tsx';
import { TicketByIdDocument } from '../../graphql/generated/operations.ts';
import { valuesOf } from '../../state/form-values.ts';

export function ConflictingTicket({ id }: { id: number }) {
  const { data, error } = useQuery(TicketByIdDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const ticket = data?.ticket;
  return (
    <section className="border-top mt-4 pt-3" aria-label={`Ticket #${id}, filed before`}>
      <p className="small text-body-secondary mb-2">
        Filed before, ticket #{id}
        {ticket && (
          <>
            {' as it is now'} <OpenTicket id={id} />
          </>
        )}
      </p>
      {ticket && <TicketReading values={valuesOf(ticket)} told={factNames} />}
      {!ticket && (data || error) && (
        <p className="mb-0">
          {error ? 'Its text is shown once the service can be asked.' : 'It was deleted since.'}
        </p>
      )}
    </section>
  );
}
