/** One ticket, or one create on its way to be one, on one line. */
import { useFragment } from '@apollo/client/react';
import { type MouseEvent, memo, useEffect, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import Placeholder from 'react-bootstrap/Placeholder';
import { type FactFieldName, factNames } from '../../../proto/ticket-fields.ts';
import { isVisible, shownText } from '../../../proto/visible-text.ts';
import { CreateStateMark, useCreateStateWords } from '../../components/CreateStateMark.tsx';
import { FieldWords } from '../../components/FieldWords.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { WordButton } from '../../components/SmallButton.tsx';
import { countInRow } from '../../components/TagList.tsx';
import { type TicketRowFragment, TicketRowFragmentDoc } from '../../graphql/generated/operations.ts';
import { useAgentNames, useNameOf } from '../../state/agents.tsx';
import { useDraft } from '../../state/drafts.ts';
import { wordsOf } from '../../state/form-values.ts';
import type { OutboxEntry } from '../../state/live.tsx';
import { presenceWords, usePresent } from '../../state/presence.ts';
import { useQueued, withQueued } from '../../state/queued.ts';
import { type Column, useShownColumns } from './columns.ts';
import { GridCell, GridRow } from './grid-parts.tsx';
import { isChoosable, type ListItem } from './list-items.ts';
import { SearchMarks } from './SearchMarks.tsx';

export interface TicketRowProps {
  item: ListItem;
  /** Among all rows, beginning with 1; the heading is 1. */
  rowIndex: number;
  elementId: string;
  /** Pixels from the top of the list. */
  top: number;
  /** It is open beside the list. */
  opened: boolean;
  /** Chosen to be acted on together with others. */
  chosen: boolean;
  /** The keyboard is on it. */
  active: boolean;
  /** Rows go by faster than they can be read. */
  isRacing: boolean;
  onOpen(item: ListItem): void;
  onChoose(item: ListItem, click: { shiftKey: boolean }): void;
}

export const TicketRow = memo(function TicketRow(props: TicketRowProps) {
  const { item, rowIndex, elementId, top, opened, chosen, active, isRacing, onOpen, onChoose } = props;
  const choosable = isChoosable(item);
  const { data, complete } = useFragment({
    fragment: TicketRowFragmentDoc,
    from: item.id === null ? null : { __typename: 'Ticket', id: item.id },
  });
  const ticket = complete && data ? (data as TicketRowFragment) : null;
  const isWhole = useStaying(!isRacing);
  const cellsId = `${elementId}-cells`;
  const act = (press: MouseEvent) =>
    choosable && isForChoosing(press) ? onChoose(item, press) : onOpen(item);
  return (
    <GridRow
      id={elementId}
      // Else the box would be named at each step from row to row, before the ticket.
      aria-labelledby={cellsId}
      aria-rowindex={rowIndex}
      {...(choosable && { 'aria-selected': chosen })}
      {...(opened && { 'aria-current': 'true' })}
      className={`ticket-row ${active ? 'active' : ''} ${item.leaving ? 'leaving' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      data-key={item.key}
      data-state={stateOf(item)}
      {...usePress(act)}
    >
      {choosable && <ChooseCell id={item.id} chosen={chosen} onChoose={(click) => onChoose(item, click)} />}
      <div id={cellsId} className="row-cells" role="none">
        {item.kind === 'draft' ? (
          <DraftCells />
        ) : ticket && isWhole ? (
          <TicketCells ticket={ticket} leaving={item.leaving} />
        ) : ticket ? (
          <RacingCells ticket={ticket} />
        ) : item.entry ? (
          <CreateCells entry={item.entry} id={item.id} />
        ) : (
          <SkeletonCells />
        )}
      </div>
    </GridRow>
  );
});

/** A row is drawn anew when its ticket comes. Where that was between press and release, no click follows: what was pressed is gone. */
function usePress(act: (press: MouseEvent) => void) {
  const pressed = useRef<Node>(null);
  return {
    onMouseDown(press: MouseEvent) {
      pressed.current = press.button === 0 ? (press.target as Node) : null;
      keepTheFocus(press);
    },
    onMouseUp(release: MouseEvent) {
      if (pressed.current?.isConnected === false) act(release);
      pressed.current = null;
    },
    onClick: act,
  };
}

function isForChoosing({ shiftKey, ctrlKey, metaKey }: MouseEvent): boolean {
  return shiftKey || ctrlKey || metaKey;
}

/** With Shift a click would select text. */
function keepTheFocus(press: MouseEvent): void {
  if (press.shiftKey) press.preventDefault();
}

interface ChooseCellProps {
  id: number | null;
  chosen: boolean;
  onChoose(click: MouseEvent): void;
}

/** By the keyboard x does it: the list keeps the focus. */
function ChooseCell({ id, chosen, onChoose }: ChooseCellProps) {
  return (
    <GridCell
      className="cell-choose"
      onMouseDown={(press) => press.preventDefault()}
      onClick={(click) => {
        click.stopPropagation();
        onChoose(click);
      }}
    >
      <input
        type="checkbox"
        className="form-check-input m-0"
        aria-label={`Choose ticket ${id}`}
        tabIndex={-1}
        checked={chosen}
        readOnly
      />
    </GridCell>
  );
}

function stateOf({ kind, id, entry }: ListItem): string {
  if (kind === 'draft') return 'DRAFT';
  return entry && id === null ? entry.state : 'STORED';
}

/** The new ticket that was begun and not filed. */
function DraftCells() {
  const { draft } = useDraft('new-ticket');
  return (
    <>
      <GridCell className="cell-id" aria-hidden="true">
        <svg viewBox="0 0 16 16" className="glyph" aria-hidden="true">
          <path d="m3 13 .8-3L11 2.8 13.2 5 6 12.2Z" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </GridCell>
      <GridCell className="cell-title" dir="auto">
        <Button
          variant="link"
          className="p-0 border-0 text-reset text-decoration-none fw-medium"
          title="Go on with this draft"
          tabIndex={-1}
        >
          {draft && isVisible(draft.title) ? shownText(draft.title) : <em>No title yet</em>}
        </Button>
      </GridCell>
      <GridCell className="cell-name" dir="auto">
        {draft && isVisible(draft.name) && shownText(draft.name)}
      </GridCell>
      <GridCell className="cell-words text-body-secondary">draft, not filed</GridCell>
    </>
  );
}

/** True from the first time on. */
function useStaying(isSo: boolean): boolean {
  const wasSo = useRef(isSo);
  useEffect(() => {
    wasSo.current ||= isSo;
  }, [isSo]);
  return wasSo.current || isSo;
}

/** By which a person sees where they are: all else takes longer to draw than a frame lasts. */
function RacingCells({ ticket }: { ticket: TicketRowFragment }) {
  return (
    <>
      <GridCell className="cell-id">{ticket.id}</GridCell>
      <TextCell cell="title" text={ticket.title} />
    </>
  );
}

function TicketCells({ ticket: stored, leaving }: { ticket: TicketRowFragment; leaving: boolean }) {
  const shown = useShownColumns();
  const queued = useQueued(stored.id ?? 0);
  const ticket = withQueued(stored, queued);
  const present = presenceWords(usePresent(stored.id ?? 0), useNameOf());
  const nameOf = useAgentNames();
  const updated = ticket.updatedAt ?? ticket.createdAt;
  return (
    <>
      <GridCell className="cell-id">
        {queued.length > 0 && (
          <CreateStateMark state={queued.some(({ state }) => state === 'FAILED') ? 'FAILED' : 'QUEUED'} />
        )}
        {ticket.id}
      </GridCell>
      <TextCell cell="title" text={ticket.title} aside={present} />
      <TextCell cell="name" text={ticket.name} />
      {leaving ? (
        <GridCell className="cell-words">gone from here</GridCell>
      ) : (
        <>
          {shown.filter(isFact).map(({ name }) => (
            <GridCell
              key={name}
              className="cell-fact"
              data-column={name}
              title={wordsOf(name, ticket[name], nameOf)}
            >
              <FieldWords
                name={name}
                value={ticket[name]}
                status={ticket.status}
                atMost={countInRow(ticket.tags ?? [])}
              />
            </GridCell>
          ))}
          {shown.some(({ name }) => name === 'updated') && (
            <GridCell className="cell-updated">{updated && <RelativeTime at={updated} />}</GridCell>
          )}
        </>
      )}
    </>
  );
}

interface CreateCellsProps {
  entry: OutboxEntry;
  /** Known once it is stored; the ticket itself comes a moment later. */
  id: number | null;
}

function CreateCells({ entry, id }: CreateCellsProps) {
  const state = id === null ? entry.state : 'STORED';
  const failed = state === 'FAILED';
  const stateWords = useCreateStateWords();
  const words = failed ? (entry.lastError ?? stateWords.FAILED) : stateWords[state];
  return (
    <>
      <GridCell className="cell-id">{id ?? <CreateStateMark state={state} />}</GridCell>
      <TextCell cell="title" text={entry.title} />
      <TextCell cell="name" text={entry.name} />
      <GridCell
        className={`cell-words ${failed ? 'text-danger-emphasis' : 'text-body-secondary'}`}
        title={words}
      >
        <span className="text-truncate">{words}</span>
        {failed && (
          <WordButton className="p-0 link-body-emphasis" tabIndex={-1}>
            Mend it
          </WordButton>
        )}
      </GridCell>
    </>
  );
}

function isFact(column: Column): column is Column & { name: FactFieldName } {
  return factNames.some((name) => name === column.name);
}

/** What does not fit in stands in a tooltip. */
interface TextCellProps {
  cell: 'title' | 'name';
  text: string;
  /** Stands after it, quietly. */
  aside?: string;
}

function TextCell({ cell, text, aside }: TextCellProps) {
  const shown = shownText(text);
  return (
    <GridCell className={`cell-${cell}`} dir="auto" title={shown}>
      <SearchMarks text={shown} cell={cell} />
      {aside && <span className="cell-aside small text-body-secondary ms-2">{aside}</span>}
    </GridCell>
  );
}

export function SkeletonCells() {
  return useShownColumns().map(({ name, cell }) => (
    <Placeholder key={name} as={GridCell} animation="glow" className={`cell-${cell}`}>
      <Placeholder xs={cell === 'title' ? 7 : 9} className="rounded" bg="secondary" />
    </Placeholder>
  ));
}
