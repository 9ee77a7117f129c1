import { useState, type KeyboardEvent } from "react";

export interface CellPlace {
  row: number;
  column: number;
}

interface Options {
  rows: number;
  columns: number;
  rowsInView: number;
  onMove: (place: CellPlace) => void;
  onEdit: (place: CellPlace) => void;
  onOpen: (place: CellPlace) => void;
  onDelete: (place: CellPlace) => void;
}

/**
 * The active cell of a grid and the keys that move it (WAI-ARIA grid pattern: the grid keeps the focus and names its
 * active cell, so that a cell may scroll out of sight without the focus being lost).
 */
export function useGridCursor(options: Options) {
  const [place, setPlace] = useState<CellPlace>({ row: 0, column: 0 });
  const { rows, columns, rowsInView } = options;

  function moveTo(row: number, column: number): void {
    const next = {
      row: Math.max(0, Math.min(rows - 1, row)),
      column: Math.max(0, Math.min(columns - 1, column)),
    };
    setPlace(next);
    options.onMove(next);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (rows === 0 || event.altKey || event.target !== event.currentTarget) return;
    const { row, column } = place;
    const jump = event.ctrlKey || event.metaKey;
    const moves: Record<string, (() => void) | undefined> = {
      ArrowDown: () => moveTo(jump ? rows - 1 : row + 1, column),
      ArrowUp: () => moveTo(jump ? 0 : row - 1, column),
      ArrowRight: () => moveTo(row, jump ? columns - 1 : column + 1),
      ArrowLeft: () => moveTo(row, jump ? 0 : column - 1),
      Home: () => moveTo(jump ? 0 : row, 0),
      End: () => moveTo(jump ? rows - 1 : row, columns - 1),
      PageDown: () => moveTo(row + rowsInView, column),
      PageUp: () => moveTo(row - rowsInView, column),
      Enter: () => options.onEdit(place),
      F2: () => options.onEdit(place),
      " ": () => options.onOpen(place),
      Delete: () => options.onDelete(place),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  return { place, moveTo, onKeyDown };
}
