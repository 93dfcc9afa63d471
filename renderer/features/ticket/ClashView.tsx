/** Two people changed one ticket: both values side by side, mine or theirs, field by field. Nothing is written before. */
import { useId, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Col from 'react-bootstrap/Col';
import Form from 'react-bootstrap/Form';
import Row from 'react-bootstrap/Row';
import { textOf } from '../../../proto/field-kinds.ts';
import { fieldOf } from '../../../proto/ticket-fields.ts';
import { FieldWords } from '../../components/FieldWords.tsx';
import { withKey } from '../../components/Kbd.tsx';
import { useCommand } from '../../state/commands.ts';
import type { Clash } from './edit-state.ts';
import {
  type Choices,
  chosenChanges,
  type Difference,
  differences,
  firstChoices,
  openChoice,
  type Side,
} from './merge.ts';
import type { TicketEdit } from './use-ticket-edit.ts';

const whoChanged = { mine: 'only you changed it', theirs: 'only they changed it', both: 'both changed it' };
const sideLabels = { mine: 'Mine', theirs: 'Theirs' };

export interface ClashViewProps {
  clash: Clash;
  edit: TicketEdit;
  blocked: string | null;
}

export function ClashView({ clash, edit, blocked }: ClashViewProps) {
  const found = differences(clash);
  const [chosen, setChosen] = useState<Choices>({});
  const choices = { ...firstChoices(found), ...chosen };
  const open = openChoice(found, choices);
  const writes = Object.keys(chosenChanges(found, choices)).length > 0;
  const reason = blocked ?? (open ? `Choose mine or theirs for ${fieldOf(open).label} first.` : null);
  const save = () => reason === null && edit.choose(choices);
  useCommand('file-ticket', save);
  return (
    <form
      aria-label="Choose between two versions"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        edit.resume();
      }}
    >
      <Alert variant="warning" className="py-2 px-3 small">
        Somebody else changed this ticket while you did. Nothing was overwritten: choose, field by field.
      </Alert>
      {edit.failure && (
        <Alert variant="danger" className="py-2 px-3 small">
          {edit.failure.message}
        </Alert>
      )}
      {found.map((difference, index) => (
        <DifferenceField
          key={difference.field}
          difference={difference}
          choice={choices[difference.field]}
          first={index === 0}
          onChoose={(side) => setChosen((before) => ({ ...before, [difference.field]: side }))}
        />
      ))}
      <div className="d-flex flex-wrap align-items-center gap-2">
        <Button
          type="submit"
          size="sm"
          disabled={reason !== null}
          title={reason ?? withKey('Save', 'CmdOrCtrl+Enter')}
        >
          {open || writes ? 'Save what I chose' : 'Keep theirs'}
        </Button>
        <Button size="sm" variant="outline-secondary" onClick={edit.resume}>
          {clash.of === 'text' ? 'Back to my text' : 'Leave it as it is'}
        </Button>
        {reason && <span className="small text-body-secondary">{reason}</span>}
      </div>
    </form>
  );
}

interface DifferenceFieldProps {
  difference: Difference;
  choice: Side | undefined;
  first: boolean;
  onChoose(side: Side): void;
}

function DifferenceField({ difference, choice, first, onChoose }: DifferenceFieldProps) {
  const id = useId();
  const { field, changedBy } = difference;
  return (
    <fieldset className="mb-3">
      <legend className="fs-6 mb-1">
        <span className="small fw-semibold">{fieldOf(field).label}</span>{' '}
        <span className="small text-body-secondary">{whoChanged[changedBy]}</span>
      </legend>
      <Row xs={2} className="g-2">
        {(['mine', 'theirs'] as const).map((side) => (
          <Col key={side}>
            <label
              htmlFor={`${id}-${side}`}
              className={`d-block h-100 border rounded p-2 small ${choice === side ? 'border-primary' : ''}`}
            >
              <span className="d-flex gap-2 mb-1">
                <Form.Check.Input
                  type="radio"
                  id={`${id}-${side}`}
                  name={id}
                  checked={choice === side}
                  onChange={() => onChoose(side)}
                  autoFocus={first && (choice ?? 'mine') === side}
                />
                <span className="fw-semibold">{sideLabels[side]}</span>
              </span>
              <span className="d-block kept-text text-break" dir="auto">
                {textOf(difference[side]) !== '' ? (
                  <FieldWords name={field} value={difference[side]} />
                ) : (
                  <span className="fst-italic text-body-secondary">empty</span>
                )}
              </span>
            </label>
          </Col>
        ))}
      </Row>
    </fieldset>
  );
}
