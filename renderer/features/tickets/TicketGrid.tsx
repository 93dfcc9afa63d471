/** The rows on the screen, out of however many there are; with the keyboard and a screen reader's grid around them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { GridHeading, GridRow, GridRows } from './grid-parts.tsx';
import { SkeletonCells, TicketRow } from './TicketRow.tsx';
import { useListKeys } from './use-list-keys.ts';
import { useReading } from './use-reading.ts';
import type { ListItem, TicketListHandle } from './use-ticket-list.ts';

/** One line a row: 36 px at the desk's usual 14 px text, and more where the person has set larger text. */
function measureRowPx(): number {
  return Math.round((36 / 14) * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
}

const loadingRows = 3;

export interface TicketGridProps {
  handle: TicketListHandle;
  /** How many the list has in all, read or not; -1 while unknown. */
  total: number;
  label: string;
  selectedKey: string | null;
  onOpen(item: ListItem): void;
}

export function TicketGrid({ handle, total, label, selectedKey, onOpen }: TicketGridProps) {
  const { list, state, items } = handle;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [rowPx] = useState(measureRowPx);
  const virtualizer = useVirtualizer({
    count: items.length + (state.hasMore && !state.error ? loadingRows : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const { onScroll } = useReading(scroller, list);
  useKeptPlace({ scroller, items, rowPx });
  const shown = virtualizer.getVirtualItems();
  const pins = items.length - state.rows.length;
  const first = (shown[0]?.index ?? 0) - pins;
  const last = (shown.at(-1)?.index ?? 0) - pins;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read depends on the rows, too.
  useEffect(() => list.show(Math.max(0, first), Math.max(0, last)), [list, first, last, state.rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top.
  useLayoutEffect(() => {
    // In braces: newer Chromium answers a promise here, which React would take for a clean-up and call.
    scroller.current?.scrollTo(0, 0);
  }, [list]);

  const reveal = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const selectedIndex = selectedKey === null ? -1 : items.findIndex((item) => isSelected(item, selectedKey));
  const keys = useListKeys({ items, selectedIndex, onOpen, reveal });
  const { setActive } = keys;
  const open = useCallback(
    (item: ListItem) => {
      setActive(item);
      onOpen(item);
    },
    [setActive, onOpen],
  );
  const active = items[keys.activeIndex];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no table can be virtual.
    <div
      ref={scroller}
      className="ticket-grid flex-grow-1"
      style={{ '--row-px': `${rowPx}px` } as CSSProperties}
      data-ticket-list
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total < 0 ? -1 : total + 1}
      aria-colcount={columns.length}
      aria-busy={state.loading !== null}
      aria-activedescendant={active ? rowId(id, active) : undefined}
      onKeyDown={keys.onKeyDown}
      onScroll={onScroll}
    >
      <ColumnHeadings />
      <GridRows className="ticket-rows" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const item = items[index];
          if (!item) return <LoadingRow key={key} index={index} top={start} />;
          return (
            <TicketRow
              key={item.key}
              item={item}
              rowIndex={index + 2}
              elementId={rowId(id, item)}
              top={start}
              selected={index === selectedIndex}
              active={index === keys.activeIndex}
              onOpen={open}
            />
          );
        })}
      </GridRows>
    </div>
  );
}

function rowId(gridId: string, item: ListItem): string {
  return `${gridId}-${item.key}`;
}

/** A create that became a ticket is the same row, whichever of the two is open. */
function isSelected(item: ListItem, selectedKey: string): boolean {
  return item.key === selectedKey || (item.id !== null && `ticket-${item.id}` === selectedKey);
}

const columns = [
  { cell: 'id', heading: '#' },
  { cell: 'title', heading: 'Title' },
  { cell: 'name', heading: 'Requester' },
  { cell: 'status', heading: 'Status' },
  { cell: 'updated', heading: 'Changed' },
] as const;

function ColumnHeadings() {
  return (
    <GridRows className="ticket-heading">
      <GridRow aria-rowindex={1} className="ticket-row in-flow">
        {columns.map(({ cell, heading }) => (
          <GridHeading key={cell} className={`cell-${cell}`}>
            {heading}
          </GridHeading>
        ))}
      </GridRow>
    </GridRows>
  );
}

function LoadingRow({ index, top }: { index: number; top: number }) {
  return (
    <GridRow aria-rowindex={index + 2} className="ticket-row" style={{ transform: `translateY(${top}px)` }}>
      <SkeletonCells />
    </GridRow>
  );
}

interface KeptPlaceOptions {
  scroller: RefObject<HTMLElement | null>;
  items: readonly ListItem[];
  rowPx: number;
}

/** Rows that come above what is in view push nothing down: the list scrolls along. */
function useKeptPlace({ scroller, items, rowPx }: KeptPlaceOptions): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = items;
    if (!element || old === items || element.scrollTop === 0) return;
    const topIndex = Math.floor(element.scrollTop / rowPx);
    // The first row in view that is still there keeps its place.
    for (let index = topIndex; index < Math.min(topIndex + 30, old.length); index += 1) {
      const moved = items.findIndex((item) => item.key === old[index]?.key);
      if (moved < 0) continue;
      if (moved !== index) element.scrollTop += (moved - index) * rowPx;
      return;
    }
  }, [scroller, items, rowPx]);
}
