"use client";

import { Alert, Radio, Stack, Text } from "@mantine/core";
import { IconCalendarQuestion } from "@tabler/icons-react";
import { useChangeDraft } from "./queries";
import type { ImportView } from "@/lib/contracts/import-view";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** Asks what nothing in the file tells: whether 03/04 is in April or in March. */
export function DateOrderQuestion({ view }: { view: ImportView }) {
  const change = useChangeDraft(view.id);
  const columns = ambiguousColumns(view);
  if (columns.length === 0) return null;
  const example = exampleOf(view, columns);
  const chosen = view.source.dateOrder;
  return (
    <Alert
      color={chosen === undefined ? "yellow" : "gray"}
      icon={<IconCalendarQuestion size={18} aria-hidden />}
      title="Day or month first?"
    >
      <Stack gap="xs">
        <Text size="sm">
          The dates in {listOf(columns)} can be read in two ways, and the first rows do not tell which is
          meant.
        </Text>
        <Radio.Group
          aria-label="Order of day and month"
          value={chosen ?? ""}
          onChange={(order) =>
            change.mutate({
              source: { ...view.source, dateOrder: order as "dmy" | "mdy" },
              mapping: view.mapping,
            })
          }
        >
          <Stack gap={6}>
            <Radio
              value="dmy"
              label={example ? `Day first: ${example.raw} is ${example.dayFirst}` : "Day first"}
            />
            <Radio
              value="mdy"
              label={example ? `Month first: ${example.raw} is ${example.monthFirst}` : "Month first"}
            />
          </Stack>
        </Radio.Group>
      </Stack>
    </Alert>
  );
}

/**
 * Whether the person still has to say how dates are meant: only where a date is shown that can be read in two ways.
 * Without one, single odd cells are left to be listed as failed.
 */
export function dateOrderIsOpen(view: ImportView): boolean {
  return view.source.dateOrder === undefined && exampleOf(view, ambiguousColumns(view)) !== undefined;
}

/** Columns of dates in either order, as far as they are imported as dates. */
function ambiguousColumns(view: ImportView): string[] {
  const types = new Map(view.fields.map((field) => [field.name, field.type]));
  const imported = new Map(
    view.mapping.map((entry) => [
      entry.column,
      "create" in entry ? entry.create.type : types.get(entry.field ?? ""),
    ]),
  );
  return view.dateOrders
    .filter(({ column, order }) => order === "ambiguous" && imported.get(column)?.startsWith("date"))
    .map(({ column }) => column);
}

function exampleOf(view: ImportView, columns: readonly string[]) {
  for (const column of columns) {
    const index = view.detection.columns.indexOf(column);
    for (const row of view.detection.sampleRows) {
      const raw = row[index] ?? "";
      const parts = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})/.exec(raw);
      const [a, b] = [Number(parts?.[1]), Number(parts?.[2])];
      if (!parts || a === b || a > 12 || b > 12) continue;
      return { raw: raw.trim(), dayFirst: words(a, b, parts[3]), monthFirst: words(b, a, parts[3]) };
    }
  }
  return undefined;
}

function words(day: number, month: number, year = ""): string {
  return `${day} ${MONTHS[month - 1] ?? ""} ${year}`;
}

function listOf(columns: readonly string[]): string {
  return new Intl.ListFormat("en").format(columns.map((column) => `“${column}”`));
}
