/** Between two panes: drags by pointer, moves by arrow keys, and remembers where it stood. */
import { type KeyboardEvent, type PointerEvent, useCallback, useState } from 'react';
import { remember, remembered } from '../state/web-storage.ts';

const stepPx = 16;

type Width = ReturnType<typeof useWidth>;

interface WidthOptions {
  name: string;
  defaultPx: number;
  minPx: number;
  maxPx: number;
}

/** A width that is remembered on this computer. */
export function useWidth({ name, defaultPx, minPx, maxPx }: WidthOptions) {
  const [px, setPx] = useState(() => Number(remembered(name)) || defaultPx);
  const set = useCallback(
    (wanted: number) => {
      const next = Math.round(Math.min(Math.max(wanted, minPx), maxPx));
      remember(name, String(next));
      setPx(next);
    },
    [name, minPx, maxPx],
  );
  const reset = useCallback(() => set(defaultPx), [set, defaultPx]);
  return { px: Math.min(Math.max(px, minPx), maxPx), minPx, maxPx, set, reset };
}

export interface DividerProps {
  label: string;
  width: Width;
  /** Which side of the divider the width is of. */
  side: 'left' | 'right';
  className?: string;
}

export function Divider({ label, width, side, className = '' }: DividerProps) {
  const sign = side === 'left' ? 1 : -1;
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const { currentTarget: handle, clientX: startX } = event;
    const startPx = width.px;
    handle.onpointermove = (move) => width.set(startPx + sign * (move.clientX - startX));
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = {
      ArrowLeft: width.px - sign * stepPx,
      ArrowRight: width.px + sign * stepPx,
      Home: width.minPx,
      End: width.maxPx,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    width.set(wanted);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> neither drags nor takes the focus.
    <div
      role="separator"
      tabIndex={0}
      className={`divider ${className}`}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width.px}
      aria-valuemin={width.minPx}
      aria-valuemax={width.maxPx}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={width.reset}
    />
  );
}
