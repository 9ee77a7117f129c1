"use client";

import { Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState, type ReactNode } from "react";
import { messageOf, ProblemError } from "@/components/api";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import type { RecordView } from "@/lib/contracts/records";
import { CellEditor, type AfterEdit } from "./cell-editor";
import type { Column } from "./columns";
import { EditConflictDialog } from "./edit-conflict-dialog";
import { inputText, inputValue } from "./field-values";
import { GridHeader } from "./grid-header";
import { cellId, GridRow } from "./grid-row";
import { useChangeRecord, type RecordChange, type Selection } from "./queries";
import classes from "./record-grid.module.css";
import { useGridCursor, type CellPlace } from "./use-grid-cursor";
import { useRecordRows } from "./use-record-rows";
import { useRowWindow } from "./use-row-window";

const ROW_HEIGHT = 40;
const HEADER_HEIGHT = 42;

/** A cell that is being edited, and the rows as they stood then. */
interface Edit {
  place: CellPlace;
  rowThen: (index: number) => RecordView | undefined;
}

interface RecordGridProps {
  collection: Collection;
  columns: readonly Column[];
  selection: Selection;
  onSort: (sort: string | undefined) => void;
  onOpen: (record: RecordView) => void;
  onDelete: (record: RecordView) => void;
  /** Shown when nothing is listed. */
  empty: ReactNode;
}

/** All records of a selection: a million rows scroll as ten do, since only what is in sight is there. */
export function RecordGrid({
  collection,
  columns,
  selection,
  onSort,
  onOpen,
  onDelete,
  empty,
}: RecordGridProps) {
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [known, setKnown] = useState(collection.recordCount);
  const view = useRowWindow({ scroller, rows: known, rowHeight: ROW_HEIGHT, headerHeight: HEADER_HEIGHT });
  const items = view.virtualizer.getVirtualItems();
  const rows = useRecordRows({
    collectionId: collection.id,
    selection,
    first: items[0]?.index ?? 0,
    last: items.at(-1)?.index ?? 0,
  });
  const [editing, setEditing] = useState<Edit | null>(null);
  // The count belongs to the answer; rows are laid out anew as soon as it differs, but not under somebody's hands.
  if (!editing && rows.total !== undefined && rows.total !== known) setKnown(rows.total);
  /** While a cell is edited each row keeps its record, whatever comes or goes meanwhile. */
  const rowAt = (index: number) => {
    const now = rows.rowAt(index);
    const then = editing?.rowThen(index);
    return then && then.id !== now?.id ? then : now;
  };

  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => columns[index]?.width ?? 150,
    overscan: 3,
  });
  const visible = across.getVirtualItems();
  const width = across.getTotalSize();

  const [conflict, setConflict] = useState<RecordChange | null>(null);
  const save = useChangeRecord(collection.id);
  // Which edit is open when an answer comes, perhaps to an earlier one.
  const latest = useRef<Edit | null>(null);
  const setEdit = (next: Edit | null) => {
    latest.current = next;
    setEditing(next);
  };

  const edit = (place: CellPlace) => {
    const record = rowAt(place.row);
    if (!record) return;
    save.reset();
    if (columns[place.column]?.field) setEdit({ place, rowThen: rows.rowAt });
    else onOpen(record);
  };
  const cursor = useGridCursor({
    rows: known,
    columns: columns.length,
    rowsInView: Math.max(1, Math.floor(view.viewport / ROW_HEIGHT) - 1),
    onMove: ({ row, column }) => {
      view.scrollToRow(row);
      showColumn(scroller.current, columns, column);
    },
    onEdit: edit,
    onOpen: ({ row }) => withRecord(rowAt(row), onOpen),
    onDelete: ({ row }) => withRecord(rowAt(row), onDelete),
  });

  const leaveEditor = () => {
    setEdit(null);
    scroller.current?.focus({ preventScroll: true });
  };
  const store = (from: Edit, record: RecordView, text: string, after: AfterEdit) => {
    const { place } = from;
    const field = columns[place.column]?.field;
    if (!field) return;
    const moved = () => {
      if (latest.current !== from) return;
      leaveEditor();
      const [down, right] = { stay: [0, 0], down: [1, 0], right: [0, 1], left: [0, -1] }[after] as [
        number,
        number,
      ];
      if (after !== "stay") cursor.moveTo(place.row + down, place.column + right);
    };
    if (text === inputText(record.data[field.name])) {
      moved();
      return;
    }
    const change = { record, data: { [field.name]: inputValue(field, text) } };
    const failed = (error: unknown) => {
      const isOpen = latest.current === from;
      const status = error instanceof ProblemError ? error.status : undefined;
      if (status === 412) {
        if (isOpen) leaveEditor();
        setConflict(change);
      } else if (status !== 422 || !isOpen) {
        notifications.show({ color: "red", title: "The change was not stored", message: messageOf(error) });
      }
    };
    // Not by callbacks of `mutate`: those are dropped when the next edit begins, and a failure would go untold.
    void save.mutateAsync(change).then(moved, failed);
  };

  return (
    <div className={classes.grid}>
      {rows.error ? (
        <ProblemAlert error={rows.error} title="The records could not be loaded" onRetry={rows.retry} />
      ) : null}
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={`Records of ${collection.name}`}
        aria-rowcount={known + 1}
        aria-colcount={columns.length}
        aria-busy={rows.isPending}
        aria-activedescendant={known > 0 ? cellId(gridId, cursor.place.row, cursor.place.column) : undefined}
        className={`${classes.scroller} ${classes.grid}`}
        onKeyDown={cursor.onKeyDown}
      >
        <GridHeader
          columns={columns}
          visible={visible}
          width={width}
          sort={selection.sort}
          onSort={(sort) => {
            view.scrollToTop();
            onSort(sort);
          }}
        />
        <div className={classes.body} role="rowgroup" style={{ height: view.height, width }}>
          {items.map((item) => {
            const record = rowAt(item.index);
            const open = editing?.place.row === item.index && record !== undefined ? editing : null;
            const field = open ? columns[open.place.column]?.field : undefined;
            return (
              <GridRow
                key={item.key}
                gridId={gridId}
                index={item.index}
                top={item.start - view.base}
                width={width}
                columns={columns}
                visible={visible}
                record={record}
                activeColumn={cursor.place.row === item.index ? cursor.place.column : null}
                editor={
                  open && field && record
                    ? {
                        column: open.place.column,
                        node: (
                          <CellEditor
                            key={`${record.id} ${field.name}`}
                            field={field}
                            value={record.data[field.name]}
                            error={save.isError ? cellMessage(save.error) : null}
                            onSave={(text, after) => store(open, record, text, after)}
                            onCancel={leaveEditor}
                          />
                        ),
                      }
                    : null
                }
                onCell={(column, start) => {
                  if (open) return;
                  cursor.moveTo(item.index, column);
                  if (start) edit({ row: item.index, column });
                }}
                onOpen={() => withRecord(record, onOpen)}
              />
            );
          })}
        </div>
        {!rows.isPending && known === 0 ? <div className={classes.empty}>{empty}</div> : null}
      </div>
      <Group justify="space-between" mt={6} gap="xs">
        <Text size="sm" c="dimmed" className="tabular" role="status">
          {rows.isPending
            ? "Loading…"
            : countOf(
                known,
                selection.q === "" ? "record" : "match",
                selection.q === "" ? "records" : "matches",
              )}
        </Text>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          Arrow keys move, Enter edits, Space opens the whole record, Delete removes it.
        </Text>
      </Group>
      {conflict ? (
        <EditConflictDialog
          collectionId={collection.id}
          fields={collection.fields}
          change={conflict}
          onClose={() => setConflict(null)}
        />
      ) : null}
    </div>
  );
}

function withRecord(record: RecordView | undefined, act: (record: RecordView) => void): void {
  if (record) act(record);
}

/** The server's word on the value itself. */
function cellMessage(error: unknown): string {
  return error instanceof ProblemError ? (error.errors[0]?.message ?? error.message) : messageOf(error);
}

/** Scrolls sideways as far as needed; the first column is always in sight and covers what lies under it. */
function showColumn(scroller: HTMLDivElement | null, columns: readonly Column[], index: number): void {
  if (!scroller || index === 0) return;
  const start = columns.slice(0, index).reduce((sum, column) => sum + column.width, 0);
  const end = start + (columns[index]?.width ?? 0);
  const covered = columns[0]?.width ?? 0;
  if (start - covered < scroller.scrollLeft) scroller.scrollLeft = start - covered;
  else if (end > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = end - scroller.clientWidth;
}
