import { SimpleGrid, Text } from "@mantine/core";
import { formatCount } from "@/components/format";
import type { ImportResult, PlanCounts } from "@/lib/contracts/imports";
import classes from "./imports.module.css";

/** What the import would do now, counted over every row of the file. */
export function PlanCountsView({ counts }: { counts: PlanCounts }) {
  const shown: [label: string, count: number][] = [
    ["New", counts.new],
    ["To update", counts.toUpdate],
    ["Unchanged", counts.unchanged],
    ["To remove", counts.toDelete],
    ["Open", counts.conflicts],
    ["Passed over", counts.skipped],
    ["Invalid", counts.invalid],
    ["Repeated in the file", counts.duplicatesInFile],
  ];
  const always = new Set(["New", "Unchanged", "Invalid"]);
  return (
    <CountGrid
      counts={shown.filter(([label, count]) => count > 0 || always.has(label))}
      label="What will happen"
    />
  );
}

/** Rows that were left out though they differ: a result's `skipped` holds those that changed nothing as well. */
export function passedOver({ skipped, unchanged }: ImportResult["summary"]): number {
  return skipped - unchanged;
}

export function CountGrid({
  counts,
  label,
}: {
  counts: readonly [label: string, count: number][];
  label: string;
}) {
  return (
    <SimpleGrid
      component="dl"
      aria-label={label}
      cols={{ base: 2, sm: 3, md: 4 }}
      spacing="sm"
      className={classes.counts}
    >
      {counts.map(([name, count]) => (
        <div key={name} className={classes.count}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fz="xl" fw={650} className="tabular">
            {formatCount(count)}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
