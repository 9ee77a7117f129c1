"use client";

import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { VirtualItem } from "@tanstack/react-virtual";
import type { Column } from "./columns";
import classes from "./record-grid.module.css";

interface GridHeaderProps {
  columns: readonly Column[];
  visible: readonly VirtualItem[];
  width: number;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

/** The names of the columns, each a button that sorts: up, down, as it came. */
export function GridHeader({ columns, visible, width, sort, onSort }: GridHeaderProps) {
  const head = (index: number, left: number, first: boolean) => {
    const column = columns[index];
    if (!column) return null;
    const order = orderOf(column, sort);
    return (
      <div
        key={column.key}
        role="columnheader"
        aria-colindex={index + 1}
        aria-sort={order}
        className={first ? `${classes.head} ${classes.first}` : classes.head}
        style={first ? { width: column.width } : { left, width: column.width }}
        data-numeric={column.numeric || undefined}
      >
        {column.sort === undefined ? (
          <span className={classes.sort}>{column.label}</span>
        ) : (
          <UnstyledButton className={classes.sort} onClick={() => onSort(nextSort(column, sort))}>
            <span className={classes.text}>{column.label}</span>
            {order === "ascending" ? <IconArrowUp size={15} aria-hidden /> : null}
            {order === "descending" ? <IconArrowDown size={15} aria-hidden /> : null}
          </UnstyledButton>
        )}
      </div>
    );
  };
  return (
    <div role="row" aria-rowindex={1} className={classes.header} style={{ width }}>
      {head(0, 0, true)}
      {visible.map((item) => (item.index === 0 ? null : head(item.index, item.start, false)))}
    </div>
  );
}

function orderOf(column: Column, sort: string | undefined): "ascending" | "descending" | "none" {
  if (column.sort === undefined || sort === undefined) return "none";
  if (sort === column.sort) return "ascending";
  return sort === `-${column.sort}` ? "descending" : "none";
}

function nextSort(column: Column, sort: string | undefined): string | undefined {
  const order = orderOf(column, sort);
  if (order === "none") return column.sort;
  return order === "ascending" ? `-${column.sort ?? ""}` : undefined;
}
