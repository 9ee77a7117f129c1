import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { placeAfterScroll, placeOf, scrollFrame, type ScrollPlace } from "./scaled-scroll";

const OVERSCAN_ROWS = 12;
/** After this long without a movement, the scroll bar is put where it belongs. */
const SETTLE_MS = 200;

interface Options {
  scroller: RefObject<HTMLDivElement | null>;
  rows: number;
  rowHeight: number;
  /** Pixels at the top that a sticky header covers. */
  headerHeight: number;
}

/**
 * The rows in sight of a list of any length, by TanStack Virtual over true offsets. `base` is to be taken from each
 * row's `start`; `height` is that of the scrolled element.
 */
export function useRowWindow({ scroller, rows, rowHeight, headerHeight }: Options) {
  const [viewport, setViewport] = useState(600);
  const [base, setBase] = useState(0);
  const frame = scrollFrame(rows, rowHeight, viewport);
  const latest = useRef(frame);
  const place = useRef<ScrollPlace>({ top: 0, base: 0 });
  const report = useRef<(offset: number, moving: boolean) => void>(() => undefined);

  useLayoutEffect(() => {
    latest.current = frame;
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setViewport(element.clientHeight - headerHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, headerHeight]);

  /** Takes a place over: element, rows and virtualizer together, before anything is painted. */
  const take = useCallback(
    (next: ScrollPlace, moving: boolean) => {
      const element = scroller.current;
      const shifted = next.base !== place.current.base;
      place.current = next;
      if (shifted) flushSync(() => setBase(next.base));
      if (element && element.scrollTop !== next.top) element.scrollTop = next.top;
      report.current(next.top + next.base, moving);
    },
    [scroller],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      const { top, base: shift } = place.current;
      take(placeOf(latest.current, top + shift), false);
    };
    const moved = () => {
      if (element.scrollTop === place.current.top) return;
      take(placeAfterScroll(latest.current, place.current, element.scrollTop), true);
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLE_MS);
    };
    element.addEventListener("scroll", moved, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener("scroll", moved);
    };
  }, [scroller, take]);

  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN_ROWS,
    observeElementOffset: (_instance, onChange) => {
      report.current = onChange;
      onChange(place.current.top + place.current.base, false);
      return () => {
        report.current = () => undefined;
      };
    },
    // Row places are ours to scroll to; the virtualizer itself never moves the element.
    scrollToFn: () => undefined,
  });

  const scrollToRow = useCallback(
    (index: number) => {
      const { top, base: shift } = place.current;
      const offset = top + shift;
      const start = index * rowHeight;
      const { viewport: height } = latest.current;
      if (start < offset) take(placeOf(latest.current, start), false);
      else if (start + rowHeight > offset + height) {
        take(placeOf(latest.current, start + rowHeight - height), false);
      }
    },
    [rowHeight, take],
  );

  const scrollToTop = useCallback(() => take({ top: 0, base: 0 }, false), [take]);

  return { virtualizer, base, height: frame.height, viewport, scrollToRow, scrollToTop };
}
