/** The views of one kind, each with its count; those that are saved are put in order by dragging and by keys. */
import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import Nav from 'react-bootstrap/Nav';
import { flushSync } from 'react-dom';
import { limits } from '../../../proto/checks.ts';
import { shownText } from '../../../proto/visible-text.ts';
import { ChoiceIcon } from '../../components/ChoiceMark.tsx';
import type { Count } from '../../state/chosen.ts';
import { useBlocked } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { statusesOf, type View } from '../../state/views.ts';
import type { Counts } from './use-counts.ts';
import { useViewActions } from './use-view-actions.ts';
import { ViewMenu } from './ViewMenu.tsx';

export interface ViewListProps {
  heading: string;
  /** What the counts are of while a search narrows the list. */
  note?: string | null;
  views: readonly View[];
  /** How many tickets each holds; undefined while that is not known. */
  counts: Counts | undefined;
  onChoose(view: View): void;
  onRename(view: View): void;
}

export function ViewList({ heading, note = null, views, counts, onChoose, onRename }: ViewListProps) {
  const [dragged, setDragged] = useState<View | null>(null);
  const [said, setSaid] = useState('');
  if (views.length === 0) return null;
  return (
    <>
      <h2 className="sidebar-heading">
        {heading}
        {note && <span className="fw-normal"> · {note}</span>}
      </h2>
      <Nav variant="pills" className="flex-column flex-nowrap" as="ul">
        {views.map((view) => {
          const item = { view, count: counts?.get(view.id), onChoose };
          return view.kind === 'built-in' ? (
            <Nav.Item as="li" key={view.id}>
              <ViewLink {...item} />
            </Nav.Item>
          ) : (
            <SavedView
              key={view.id}
              {...item}
              siblings={views}
              dragged={dragged}
              onDrag={setDragged}
              onRename={() => onRename(view)}
              onMoved={(at) => setSaid(`${view.name}: ${at + 1} of ${views.length}`)}
            />
          );
        })}
      </Nav>
      <p className="visually-hidden" role="status" aria-label={`Order of ${heading.toLowerCase()}`}>
        {said}
      </p>
    </>
  );
}

interface ViewLinkProps {
  view: View;
  count: Count | undefined;
  onChoose(view: View): void;
  onKeyDown?(event: KeyboardEvent<HTMLElement>): void;
}

function ViewLink({ view, count, onChoose, onKeyDown }: ViewLinkProps) {
  const isShown = useNavigation().view.id === view.id;
  return (
    <Nav.Link
      as="button"
      active={isShown}
      aria-current={isShown ? 'page' : undefined}
      onClick={() => onChoose(view)}
      {...(onKeyDown && { onKeyDown, 'aria-keyshortcuts': 'Alt+ArrowUp Alt+ArrowDown' })}
    >
      <ViewIcon view={view} />
      <bdi
        className="flex-grow-1 text-start text-truncate"
        title={
          view.kind === 'built-in'
            ? undefined
            : `${shownText(view.name)}: ${view.query && shownText(view.query)}`
        }
      >
        {shownText(view.name)}
      </bdi>
      <span className="count">{shownCount(count)}</span>
    </Nav.Link>
  );
}

/** Beyond the limit nobody reads the difference, and most are not counted further. */
function shownCount(counted: Count | undefined): string {
  if (counted && (!counted.exact || counted.count > limits.maxCount)) return `${countText(limits.maxCount)}+`;
  return countText(counted?.count);
}

interface SavedViewProps extends Omit<ViewLinkProps, 'onKeyDown'> {
  siblings: readonly View[];
  /** The one that is being dragged. */
  dragged: View | null;
  onDrag(view: View | null): void;
  onRename(): void;
  /** By a key, to this place. */
  onMoved(index: number): void;
}

function SavedView({ view, siblings, dragged, onDrag, onRename, onMoved, ...link }: SavedViewProps) {
  const actions = useViewActions(view, siblings);
  const blocked = useBlocked();
  const [dropAt, setDropAt] = useState<'before' | 'after' | null>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key];
    if (!event.altKey || by === undefined || blocked !== null) return;
    event.preventDefault();
    const { currentTarget } = event;
    // Moved within the list, an element loses the focus.
    flushSync(() => {
      if (actions.step(by)) onMoved(siblings.indexOf(view) + by);
    });
    currentTarget.focus();
  };
  const drop = {
    onDragOver(event: DragEvent<HTMLElement>) {
      if (!dragged || dragged === view) return;
      event.preventDefault();
      const { top, height } = event.currentTarget.getBoundingClientRect();
      setDropAt(event.clientY < top + height / 2 ? 'before' : 'after');
    },
    onDragLeave: () => setDropAt(null),
  };
  const others = siblings.filter((other) => other !== dragged);
  const target = dropAt === 'before' ? view : (others[others.indexOf(view) + 1] ?? null);
  const moved = useViewActions(dragged ?? view, siblings);
  return (
    <Nav.Item
      as="li"
      className={`saved-view ${dropAt ? `drop-${dropAt}` : ''}`}
      draggable={blocked === null}
      onDragStart={(event: DragEvent) => {
        event.dataTransfer.effectAllowed = 'move';
        onDrag(view);
      }}
      onDragEnd={() => onDrag(null)}
      {...drop}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        setDropAt(null);
        if (dragged) moved.moveBefore(target);
      }}
    >
      <ViewLink view={view} {...link} onKeyDown={onKeyDown} />
      <ViewMenu {...{ view, siblings, actions, onRename }} />
    </Nav.Item>
  );
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round' } as const;

const shapes: Readonly<Record<string, ReactNode>> = {
  open: <path d="M2 4.5h12M2 8h12M2 11.5h8" {...stroke} />,
  mine: <path d="M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 14a5.5 5.5 0 0 1 11 0" {...stroke} />,
  nobodys: (
    <path
      d="M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 14a5.5 5.5 0 0 1 11 0"
      {...stroke}
      strokeDasharray="1.2 2.4"
    />
  ),
  overdue: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 4.8V8l2.2 1.6" {...stroke} />,
  'changed-today': <path d="M13.5 8A5.5 5.5 0 1 1 11 3.4M11.5 1v3h-3" {...stroke} />,
  saved: <path d="M4 2.5h8v11L8 10.2l-4 3.3Z" {...stroke} strokeLinejoin="round" />,
};

function ViewIcon({ view: { id, kind, query } }: { view: View }) {
  const shape = kind === 'built-in' ? shapes[id] : shapes.saved;
  if (!shape) return <ChoiceIcon name="status" value={statusesOf(query)?.[0] ?? null} />;
  return (
    <svg viewBox="0 0 16 16" className="glyph text-body-secondary" aria-hidden="true">
      {shape}
    </svg>
  );
}
