"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { Field } from "@/lib/core/fields/types";
import { ChangedRecordRow } from "./changed-record-row";
import { keyOf, type ChangedRecord, type UndoChoices } from "./undo-choices";
import classes from "./undo.module.css";
import { UNDO_WORDS, type Undone } from "./words";

/** A record with one field, before its true height is measured. */
const ROW_ESTIMATE_PX = 96;

interface ChangedRecordsProps {
  undone: Undone;
  records: readonly ChangedRecord[];
  fieldsOf: (record: ChangedRecord) => readonly Field[];
  choices: UndoChoices;
  onChange: (choices: UndoChoices) => void;
}

/** Records edited since, each with what it was, what the import or restore made of it, and what it is now. */
export function ChangedRecords({ undone, records, fieldsOf, choices, onChange }: ChangedRecordsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_ESTIMATE_PX,
    getItemKey: (index) => {
      const record = records[index];
      return record ? keyOf(record) : index;
    },
    overscan: 6,
  });
  const items = rows.getVirtualItems();
  // Few records need no window of their own height: the box is as tall as they are, up to its limit.
  return (
    <div ref={scroller} className={classes.changed} style={{ height: rows.getTotalSize() + 2 }}>
      <ul
        className={classes.spacer}
        style={{ height: rows.getTotalSize() }}
        aria-label={UNDO_WORDS[undone].editedSince}
      >
        {items.map((item) => {
          const record = records[item.index];
          if (!record) return null;
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className={classes.record}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={records.length}
              aria-posinset={item.index + 1}
            >
              <ChangedRecordRow
                undone={undone}
                record={record}
                fields={fieldsOf(record)}
                choices={choices}
                onChange={onChange}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
