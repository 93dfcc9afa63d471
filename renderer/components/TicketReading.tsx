/** A ticket's text as it is read: title, one line of facts, description, and whatever else it says. */
import type { ReactNode } from 'react';
import { textOf } from '../../proto/field-kinds.ts';
import { editTextNames, type FactFieldName, fieldOf, type TicketValues } from '../../proto/ticket-fields.ts';
import { isVisible, shownText } from '../../proto/visible-text.ts';
import { FieldWords } from './FieldWords.tsx';
import { LinkedText } from './LinkedText.tsx';

export interface TicketReadingProps {
  values: TicketValues;
  /** What is told after the requester, where no control beside it shows it. */
  told?: readonly FactFieldName[];
  /** Stands after them. */
  facts?: ReactNode;
}

const namedHere: readonly string[] = ['title', 'name', 'description'];

/** Each part carries `data-field`, so that a click can begin to edit that very part. */
export function TicketReading({ values, told = [], facts }: TicketReadingProps) {
  return (
    <>
      <h3 className="h5 text-break mb-1" dir="auto" data-field="title">
        {shownText(values.title)}
      </h3>
      <p className="small text-body-secondary mb-3">
        <span className="text-body text-break" dir="auto" data-field="name">
          {shownText(values.name)}
        </span>
        {facts}
      </p>
      <Facts values={values} names={told} />
      <div className="kept-text text-break" dir="auto" data-field="description">
        {isVisible(values.description) ? (
          <LinkedText text={shownText(values.description)} />
        ) : (
          <span className="text-body-secondary fst-italic">No description.</span>
        )}
      </div>
      {editTextNames
        .filter((name) => !namedHere.includes(name) && isVisible(values[name]))
        .map((name) => (
          <section key={name} className="mt-3">
            <h4 className="small fw-semibold mb-1">{fieldOf(name).label}</h4>
            <div className="kept-text text-break" dir="auto" data-field={name}>
              <LinkedText text={shownText(values[name])} />
            </div>
          </section>
        ))}
    </>
  );
}

function Facts({ values, names }: { values: TicketValues; names: readonly FactFieldName[] }) {
  const said = names.filter((name) => textOf(values[name]) !== '');
  if (said.length === 0) return null;
  return (
    <div className="d-flex flex-wrap column-gap-3 row-gap-1 small mb-3">
      {said.map((name) => (
        <FieldWords key={name} name={name} value={values[name]} status={values.status} />
      ))}
    </div>
  );
}
