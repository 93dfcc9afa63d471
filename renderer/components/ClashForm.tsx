/** Two values of each field side by side, mine or theirs. Nothing is written before it is chosen. */
import { useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Col from 'react-bootstrap/Col';
import Form from 'react-bootstrap/Form';
import Row from 'react-bootstrap/Row';
import { fieldOf } from '../../proto/ticket-fields.ts';
import { useCommand } from '../state/commands.ts';
import {
  type Choices,
  type Chosen,
  choicesNow,
  chosenChanges,
  type Difference,
  isOutdated,
  openChoice,
  type Side,
} from '../state/merge.ts';
import { ValueWords } from './FieldWords.tsx';
import { withKey } from './Kbd.tsx';
import { SmallButton } from './SmallButton.tsx';

const whoChanged = { mine: 'only you changed it', theirs: 'only they changed it', both: 'both changed it' };
const sideLabels = { mine: 'Mine', theirs: 'Theirs' };

export interface ClashFormProps {
  found: readonly Difference[];
  /** Why it can't be saved now; null when it can. */
  blocked?: string | null;
  onChoose(choices: Choices): void;
  /** The way back, where the choice stands in the place of what was being done: it has the focus and the keys then. */
  leave?: { label: string; run(): void };
}

export function ClashForm({ found, blocked = null, onChoose, leave }: ClashFormProps) {
  const [chosen, setChosen] = useState<Chosen>({});
  const choices = choicesNow(found, chosen);
  const open = openChoice(found, choices);
  const writes = Object.keys(chosenChanges(found, choices)).length > 0;
  const reason = blocked ?? (open ? openWords(open, chosen) : null);
  const save = () => reason === null && onChoose(choices);
  useCommand(leave ? 'file-ticket' : null, save);
  return (
    <form
      aria-label="Choose between two versions"
      className="mb-2"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !leave) return;
        event.preventDefault();
        event.stopPropagation();
        leave.run();
      }}
    >
      {found.map((difference, index) => (
        <DifferenceField
          key={difference.field}
          difference={difference}
          choice={choices[difference.field]}
          takesFocus={leave !== undefined && index === 0}
          onChoose={(side) =>
            setChosen((before) => ({ ...before, [difference.field]: { side, difference } }))
          }
        />
      ))}
      <div className="d-flex flex-wrap align-items-center gap-2">
        <Button
          type="submit"
          size="sm"
          disabled={reason !== null}
          title={reason ?? (leave ? withKey('Save', 'CmdOrCtrl+Enter') : '')}
        >
          {open || writes ? 'Save what I chose' : 'Keep theirs'}
        </Button>
        {leave && <SmallButton onClick={leave.run}>{leave.label}</SmallButton>}
        <span className="small text-body-secondary" role="status">
          {reason}
        </span>
      </div>
    </form>
  );
}

function openWords(open: Difference, chosen: Chosen): string {
  const { label } = fieldOf(open.field);
  return isOutdated(open, chosen)
    ? `${label} was changed once more, and yours was not saved yet: choose again.`
    : `Choose mine or theirs for ${label} first.`;
}

interface DifferenceFieldProps {
  difference: Difference;
  choice: Side | undefined;
  takesFocus: boolean;
  onChoose(side: Side): void;
}

function DifferenceField({ difference, choice, takesFocus, onChoose }: DifferenceFieldProps) {
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
                  autoFocus={takesFocus && (choice ?? 'mine') === side}
                />
                <span className="fw-semibold">{sideLabels[side]}</span>
              </span>
              <span className="d-block kept-text text-break" dir="auto">
                <ValueWords name={field} value={difference[side]} />
              </span>
            </label>
          </Col>
        ))}
      </Row>
    </fieldset>
  );
}
