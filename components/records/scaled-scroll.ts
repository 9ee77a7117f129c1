/**
 * Scrolling through more pixels than a browser can lay out (about 17 million in Firefox, 33 in Chrome): the scrolled
 * element has a bounded height, and `base` says how far its pixels are shifted against the true ones. Small movements
 * move the rows by as much as the finger; a jump along the scroll bar goes to the proportional place.
 */
export interface ScrollFrame {
  /** Height of the scrolled element. */
  height: number;
  /** True pixels that all rows would take. */
  trueHeight: number;
  viewport: number;
}

export interface ScrollPlace {
  /** scrollTop of the element. */
  top: number;
  /** True offset = top + base. */
  base: number;
}

const HEIGHT_MAX = 8_000_000;
/** Within this many viewports of an end, the element is moved back towards its proportional place. */
const EDGE_VIEWPORTS = 4;
const JUMP_VIEWPORTS = 3;

export function scrollFrame(rows: number, rowHeight: number, viewport: number): ScrollFrame {
  const trueHeight = rows * rowHeight;
  return { height: Math.min(trueHeight, HEIGHT_MAX), trueHeight, viewport };
}

/** The place that shows a true offset with the scroll bar where it belongs. */
export function placeOf(frame: ScrollFrame, offset: number): ScrollPlace {
  const trueRange = Math.max(0, frame.trueHeight - frame.viewport);
  const range = Math.max(0, frame.height - frame.viewport);
  const wanted = Math.min(Math.max(0, offset), trueRange);
  if (trueRange === range) return { top: wanted, base: 0 };
  const top = Math.round((wanted / trueRange) * range);
  return { top, base: wanted - top };
}

/** Where the rows are after the element has been scrolled from `before` to `top`. */
export function placeAfterScroll(frame: ScrollFrame, before: ScrollPlace, top: number): ScrollPlace {
  if (frame.trueHeight === frame.height) return { top, base: 0 };
  const range = Math.max(1, frame.height - frame.viewport);
  const trueRange = frame.trueHeight - frame.viewport;
  if (Math.abs(top - before.top) > frame.viewport * JUMP_VIEWPORTS) {
    return { top, base: Math.round((top / range) * trueRange) - top };
  }
  const offset = top + before.base;
  const edge = frame.viewport * EDGE_VIEWPORTS;
  if (top < edge || top > range - edge || offset < 0 || offset > trueRange) return placeOf(frame, offset);
  return { top, base: before.base };
}
