/** The rows on the screen, out of however many there are; with the keyboard and a screen reader's grid around them. */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { TicketOrder } from '../../../proto/ticket-fields.ts';
import { useStore } from '../../state/store.ts';
import { ColumnHeadings } from './ColumnHeadings.tsx';
import { isChosen } from './chosen-rows.ts';
import { useShownColumns } from './columns.ts';
import { Grid, GridRow, GridRows } from './grid-parts.tsx';
import { isGap, type ListItem } from './list-items.ts';
import { isAt } from './list-model.ts';
import { SkeletonCells, TicketRow } from './TicketRow.tsx';
import { useChoosing } from './use-choosing.ts';
import type { ChosenStore } from './use-chosen-rows.ts';
import { useListKeys } from './use-list-keys.ts';
import { useRacing } from './use-racing.ts';
import type { TicketListHandle } from './use-ticket-list.ts';

/** One line a row: 36 px at the desk's usual 14 px text, and more where the person has set larger text. */
function measureRowPx(): number {
  return Math.round((36 / 14) * rootFontPx());
}

function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** As in list.css. */
const headingRem = 2;

const loadingRows = 3;

/** A digit's breadth in fonts that have broad ones. */
const digitRem = 0.64;

export interface TicketGridProps {
  handle: TicketListHandle;
  chosen: ChosenStore;
  /** How many the list has in all, read or not; -1 while unknown. */
  total: number;
  label: string;
  /** What stands in place of the rows while there are none. */
  instead: ReactNode;
  order: TicketOrder;
  onOrder(order: TicketOrder): void;
  onOpen(item: ListItem): void;
}

/** The same element with rows and without: it keeps the focus while lists come and go in it. */
export function TicketGrid(props: TicketGridProps) {
  const { handle, chosen, total, label, instead, order, onOrder, onOpen } = props;
  const { list, state } = handle;
  const { items, cursorIndex } = state;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [rowPx] = useState(measureRowPx);
  const virtualizer = useVirtualizer({
    count: items.length + (state.isEndKnown || state.error ? 0 : loadingRows),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    // The headings stand before the rows and stay over them.
    scrollPaddingEnd: headingRem * rootFontPx(),
  });
  useKeptPlace({ scroller, items, rowPx, virtualizer });
  const shown = virtualizer.getVirtualItems();
  const idRoom = useIdRoom(shown.map(({ index }) => items[index]?.id ?? 0));
  // What is drawn beyond the edge is in nobody's eye.
  const first = virtualizer.range?.startIndex ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const isRacing = useRacing(first, virtualizer.isScrolling);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read depends on the rows, too.
  useEffect(() => list.show(first, last), [list, first, last, items]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top.
  useLayoutEffect(() => {
    // In braces: newer Chromium answers a promise here, which React would take for a clean-up and call.
    scroller.current?.scrollTo(0, 0);
  }, [list]);
  const active = items[cursorIndex];
  const activeKey = active?.key;
  // Where the cursor goes, the eye goes; a row that is moved by others takes nobody along.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useLayoutEffect(() => {
    if (activeKey !== undefined) virtualizer.scrollToIndex(cursorIndex);
  }, [virtualizer, list, activeKey]);
  const chosenRows = useStore(chosen);
  const { choose, extend } = useChoosing(handle, chosen);
  const onKeyDown = useListKeys(handle, { onOpen, extend });
  const isGrid = instead === null;
  // Also of a list that is not read yet, as of the order that was just chosen here: a head keeps the focus.
  const isUnread = state.asOf === null && !state.error;
  const hasHeads = isGrid || state.loading === 'first' || isUnread;
  const inGrid = {
    'aria-rowcount': total < 0 ? -1 : Math.max(total, items.length) + 1,
    // Before the columns is the box that chooses a row.
    'aria-colcount': useShownColumns().length + 1,
    'aria-multiselectable': true,
    'aria-activedescendant': active ? rowId(id, active) : undefined,
  };
  return (
    <Grid
      ref={scroller}
      className={`ticket-grid flex-grow-1 ${chosenRows.choice ? 'choosing' : ''}`}
      style={{ '--row-px': `${rowPx}px`, '--id-room': idRoom } as CSSProperties}
      data-ticket-list
      role={isGrid ? 'grid' : 'group'}
      {...(isGrid ? inGrid : {})}
      aria-label={label}
      aria-busy={state.loading !== null}
      onKeyDown={onKeyDown}
      onScroll={() => list.setEye({ scrolled: (scroller.current?.scrollTop ?? 0) > 0 })}
    >
      {hasHeads && <ColumnHeadings {...{ order, onOrder, isGrid }} />}
      {instead ?? (
        <GridRows className="ticket-rows" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const item = items[index];
            if (!item || isGap(item)) return <LoadingRow key={key} index={index} top={start} />;
            return (
              <TicketRow
                key={item.key}
                item={item}
                rowIndex={index + 2}
                elementId={rowId(id, item)}
                top={start}
                opened={state.open !== null && isAt(item, state.open)}
                chosen={item.id !== null && isChosen(chosenRows, item.id)}
                active={index === cursorIndex}
                isRacing={isRacing}
                onOpen={onOpen}
                onChoose={choose}
              />
            );
          })}
        </GridRows>
      )}
    </Grid>
  );
}

/** As wide as the longest number that was drawn: what has made way once keeps its place. */
function useIdRoom(ids: readonly number[]): string {
  const [digits, setDigits] = useState(1);
  const drawn = String(Math.max(...ids, 0)).length;
  if (drawn > digits) setDigits(drawn);
  return `${digits * digitRem}rem`;
}

function rowId(gridId: string, item: ListItem): string {
  return `${gridId}-${item.key}`;
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
  virtualizer: { scrollOffset: number | null };
}

/** Rows that come above what is in view push nothing down: the list scrolls along. */
function useKeptPlace({ scroller, items, rowPx, virtualizer }: KeptPlaceOptions): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = items;
    if (!element || old === items || element.scrollTop === 0) return;
    const topIndex = Math.floor(element.scrollTop / rowPx);
    // The first row in view that is still there keeps its place.
    for (let index = topIndex; index < Math.min(topIndex + 30, old.length); index += 1) {
      if (isGap(old[index] as ListItem)) continue;
      if (items[index]?.key === old[index]?.key) return;
      const moved = items.findIndex((item) => item.key === old[index]?.key);
      if (moved < 0) continue;
      if (moved !== index) element.scrollTop += (moved - index) * rowPx;
      // It hears of that with a later event, and until then would take a row into view from where the list was.
      virtualizer.scrollOffset = element.scrollTop;
      return;
    }
  }, [scroller, items, rowPx, virtualizer]);
}
