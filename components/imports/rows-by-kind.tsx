"use client";

import { Button, Collapse, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ProblemError } from "@/components/api";
import { formatCount } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { ChangedValues } from "@/components/records/history/changed-values";
import { valueText } from "@/components/records/value-text";
import type { ImportRowView } from "@/lib/contracts/import-view";
import type { Field } from "@/lib/core/fields/types";
import { rowsQuery, type RowKind } from "./queries";
import { useRowName } from "./row-names";
import classes from "./rows-by-kind.module.css";

interface RowsByKindProps {
  importId: string;
  fields: readonly Field[];
  kinds: readonly { status: RowKind; label: string; count: number }[];
}

/** Behind the counts: the rows themselves, and of those that update a record what they change in it. */
export function RowsByKind({ importId, fields, kinds }: RowsByKindProps) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<RowKind | null>(null);
  const panel = useId();
  const shown = kinds.filter(({ count }) => count > 0);
  const status = shown.find((kind) => kind.status === chosen)?.status ?? shown[0]?.status;
  if (status === undefined) return null;
  return (
    <div>
      <Button
        variant="subtle"
        size="sm"
        className={classes.toggle}
        aria-expanded={open}
        aria-controls={panel}
        rightSection={<IconChevronDown size={16} aria-hidden data-open={open || undefined} />}
        onClick={() => setOpen(!open)}
      >
        Look at the rows
      </Button>
      <Collapse expanded={open} id={panel}>
        {open ? (
          <Stack gap="sm" pt="xs">
            <SegmentedControl
              size="sm"
              className={classes.kinds}
              aria-label="Which rows to show"
              value={status}
              onChange={(value) => setChosen(shown.find((kind) => kind.status === value)?.status ?? null)}
              data={shown.map((kind) => ({
                value: kind.status,
                label: `${kind.label} ${formatCount(kind.count)}`,
              }))}
            />
            <Rows key={status} importId={importId} status={status} fields={fields} />
          </Stack>
        ) : null}
      </Collapse>
    </div>
  );
}

function Rows({ importId, status, fields }: { importId: string; status: RowKind; fields: readonly Field[] }) {
  const rows = useInfiniteQuery(rowsQuery(importId, status));
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.isPending) return <Skeleton height={200} radius="lg" />;
  if (rows.error instanceof ProblemError && rows.error.code === "rows-removed") {
    return (
      <Text size="sm" c="dimmed">
        {rows.error.message}
      </Text>
    );
  }
  return (
    <>
      {items.length > 0 ? (
        // It scrolls by itself, so the keyboard has to reach it.
        <ul className={classes.rows} aria-label="Rows" tabIndex={0}>
          {items.map((row) => (
            <Row key={row.number} row={row} fields={fields} />
          ))}
        </ul>
      ) : null}
      <ProblemAlert
        error={rows.error}
        title="The rows could not be loaded"
        onRetry={() => void rows.refetch()}
      />
      {rows.hasNextPage ? (
        <Group>
          <Button
            variant="subtle"
            size="sm"
            loading={rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      ) : null}
    </>
  );
}

const TITLE_FIELDS = 3;

function Row({ row, fields }: { row: ImportRowView; fields: readonly Field[] }) {
  const rowName = useRowName();
  const { before, values } = row;
  const texts = fields.flatMap((field) => {
    const text = valueText(field, (before ?? values)[field.name]);
    return text === "" ? [] : [text];
  });
  const changes = fields
    .map(({ name }) => ({ field: name, from: before?.[name] ?? null, to: values[name] ?? null }))
    .filter(({ from, to }) => from !== to);
  return (
    <li className={classes.row}>
      <Text size="sm" c="dimmed" className={`tabular ${classes.number ?? ""}`}>
        {rowName(row.number)}
      </Text>
      <div className={classes.what}>
        <Text size="sm" fw={550} span>
          {texts.slice(0, TITLE_FIELDS).join(" · ")}
        </Text>
        {before ? (
          <ChangedValues changes={changes} fields={fields} />
        ) : (
          <Text size="sm" lineClamp={3} className={classes.rest}>
            {texts.slice(TITLE_FIELDS).join(" · ")}
          </Text>
        )}
      </div>
    </li>
  );
}
