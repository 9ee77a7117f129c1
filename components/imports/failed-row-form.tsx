"use client";

import { Badge, Button, Group, Text, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type FocusEvent, type FormEvent, useState } from "react";
import { messageOf } from "@/components/api";
import { formatCount } from "@/components/format";
import { useFixRow } from "./failed-rows-queries";
import { useRowName } from "./row-names";
import classes from "./failed-rows.module.css";
import type { FailedRow, ImportView } from "@/lib/contracts/import-view";

interface FailedRowFormProps {
  view: ImportView;
  row: FailedRow;
  status: "invalid" | "fixed";
}

/**
 * One failed row: its wrong cells as fields with the reason below each, the others on demand. Enter saves, and so does
 * leaving the row; the answer is what is still wrong.
 */
export function FailedRowForm({ view, row, status }: FailedRowFormProps) {
  const [edits, setEdits] = useState<Record<string, string>>({});
  // Cells that were wrong once stay open, so that the person sees what became of them.
  const [opened, setOpened] = useState(() => wrongColumns(view, row));
  const [all, setAll] = useState(false);
  const fix = useFixRow(view.id, status);
  const rowName = useRowName();
  const errorOf = new Map(row.errors.map((error) => [columnOf(view, error.field) ?? "", error.message]));
  const open = [...new Set([...opened, ...errorOf.keys()])].filter((column) => column in row.values);
  const shown = all || open.length === 0 ? Object.keys(row.values) : open;
  const hidden = Object.keys(row.values).length - shown.length;
  const changed = Object.entries(edits).some(([column, text]) => text !== row.values[column]);

  function save() {
    if (!changed || fix.isPending) return;
    setOpened(open);
    fix.mutate({ number: row.number, values: edits }, { onSuccess: () => setEdits({}) });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    save();
  }
  function leave(event: FocusEvent<HTMLFormElement>) {
    if (!event.currentTarget.contains(event.relatedTarget)) save();
  }

  return (
    <li>
      <form className={classes.row} onSubmit={submit} onBlur={leave} aria-label={rowName(row.number)}>
        <Group justify="space-between" gap="xs" className={classes.head}>
          <Text size="sm" fw={600} className="tabular">
            {rowName(row.number)}
          </Text>
          <RowState row={row} changed={changed} pending={fix.isPending} />
        </Group>
        <div className={classes.cells}>
          {shown.map((column) => (
            <TextInput
              key={column}
              size="sm"
              label={column}
              value={edits[column] ?? row.values[column] ?? ""}
              error={errorOf.get(column)}
              readOnly={fix.isPending}
              onChange={({ currentTarget: { value } }) =>
                setEdits((before) => ({ ...before, [column]: value }))
              }
            />
          ))}
        </div>
        {fix.isError ? (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            Not saved: {messageOf(fix.error)}
          </Text>
        ) : null}
        <Group gap="xs" className={classes.actions}>
          <Button type="submit" size="compact-sm" variant="light" disabled={!changed} loading={fix.isPending}>
            Save
          </Button>
          {hidden > 0 ? (
            <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
              Show {formatCount(hidden)} other {hidden === 1 ? "cell" : "cells"}
            </Button>
          ) : null}
        </Group>
      </form>
    </li>
  );
}

function RowState({ row, changed, pending }: { row: FailedRow; changed: boolean; pending: boolean }) {
  return (
    <span role="status">
      {pending ? (
        <Badge color="gray">Saving…</Badge>
      ) : row.fixed && !changed ? (
        <Badge color="green" leftSection={<IconCheck size={12} aria-hidden />}>
          Fixed
        </Badge>
      ) : changed ? (
        <Badge color="gray">Not saved yet</Badge>
      ) : null}
    </span>
  );
}

function wrongColumns(view: ImportView, row: FailedRow): string[] {
  return row.errors.flatMap((error) => columnOf(view, error.field) ?? []);
}

/** The file's column that feeds a field. */
function columnOf(view: ImportView, field: string): string | undefined {
  return view.mapping.find((entry) =>
    "create" in entry ? entry.create.name === field : entry.field === field,
  )?.column;
}
