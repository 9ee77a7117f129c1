"use client";

import { ActionIcon } from "@mantine/core";
import { IconArrowsDiagonal } from "@tabler/icons-react";
import type { VirtualItem } from "@tanstack/react-virtual";
import type { ReactNode } from "react";
import type { RecordView } from "@/lib/contracts/records";
import type { Column } from "./columns";
import classes from "./record-grid.module.css";

interface GridRowProps {
  gridId: string;
  index: number;
  top: number;
  width: number;
  columns: readonly Column[];
  /** The columns in sight; the first column is always shown and not among them. */
  visible: readonly VirtualItem[];
  record: RecordView | undefined;
  activeColumn: number | null;
  editor: { column: number; node: ReactNode } | null;
  onCell: (column: number, edit: boolean) => void;
  onOpen: () => void;
}

/** One row in sight. Its number counts the header, as aria-rowindex has it. */
export function GridRow(props: GridRowProps) {
  const { gridId, index, columns, record, visible } = props;
  const cell = (column: number, left: number, first: boolean) => {
    const definition = columns[column];
    if (!definition) return null;
    return (
      <div
        key={definition.key}
        id={cellId(gridId, index, column)}
        role="gridcell"
        aria-colindex={column + 1}
        aria-readonly={definition.field ? undefined : true}
        className={first ? `${classes.cell} ${classes.first}` : classes.cell}
        style={first ? { width: definition.width } : { left, width: definition.width }}
        data-numeric={definition.numeric || undefined}
        data-active={props.activeColumn === column || undefined}
        onClick={() => props.onCell(column, false)}
        onDoubleClick={() => props.onCell(column, true)}
      >
        {props.editor?.column === column ? (
          props.editor.node
        ) : (
          <CellText column={definition} record={record} />
        )}
        {first && record ? (
          <ActionIcon
            className={classes.open}
            variant="subtle"
            size="sm"
            tabIndex={-1}
            aria-label="Open the record"
            onClick={(event) => {
              event.stopPropagation();
              props.onOpen();
            }}
          >
            <IconArrowsDiagonal size={15} />
          </ActionIcon>
        ) : null}
      </div>
    );
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={record === undefined || undefined}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)`, width: props.width }}
    >
      {cell(0, 0, true)}
      {visible.map((item) => (item.index === 0 ? null : cell(item.index, item.start, false)))}
    </div>
  );
}

function CellText({ column, record }: { column: Column; record: RecordView | undefined }) {
  if (!record) return <span className={classes.skeleton} aria-hidden />;
  const text = column.text(record);
  return (
    <span className={classes.text} title={text.length > 24 ? text : undefined}>
      {text}
    </span>
  );
}

export function cellId(gridId: string, row: number, column: number): string {
  return `${gridId}-${row}-${column}`;
}
