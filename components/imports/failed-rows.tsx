"use client";

import { Button, Group, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconTableImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { countOf, formatCount } from "@/components/format";
import { useRetryJob } from "@/components/jobs/queries";
import { ProblemError } from "@/components/api";
import { ProblemAlert } from "@/components/problem-alert";
import { FailedRowForm } from "./failed-row-form";
import { failedRowsQuery } from "./failed-rows-queries";
import classes from "./failed-rows.module.css";
import type { FailedRowCounts, ImportView } from "@/lib/contracts/import-view";

interface FailedRowsProps {
  view: ImportView;
  count: number;
  /** True before the import is applied: fixed rows join it then. */
  future?: boolean;
}

/** Every row that cannot be stored, with the wrong cells open for correction; fixed rows are imported by a button. */
export function FailedRows({ view, count, future = false }: FailedRowsProps) {
  const [status, setStatus] = useState<"invalid" | "fixed">("invalid");
  const rows = useInfiniteQuery(failedRowsQuery(view.id, status));
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = rows.data?.pages[0]?.counts ?? { invalid: count, fixed: 0 };
  const total = counts.invalid + counts.fixed;
  if (rows.error instanceof ProblemError && rows.error.code === "rows-removed")
    return <NoLongerKept count={total} />;
  return (
    <Stack gap="sm" component="section" aria-labelledby="failed-title">
      <Group justify="space-between" gap="sm">
        <Stack gap={0} style={{ flex: "1 1 20rem" }}>
          <Title order={2} id="failed-title">
            {!future
              ? `${countOf(total, "row")} failed`
              : counts.invalid === 0
                ? "Every row can be stored now"
                : `${countOf(counts.invalid, "row")} cannot be stored`}
          </Title>
          <Text size="sm" c="dimmed">
            {future
              ? "Correct the cells here and the rows join the import; the others are left out and kept."
              : view.result === null
                ? "Correct the cells here and run the import again, or download the rows with the reasons."
                : "They were left out. Correct the cells here and import the rows, or download them with the reasons."}
          </Text>
        </Stack>
        <Button
          component="a"
          href={`/api/v1/imports/${view.id}/errors.csv`}
          download
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download as CSV
        </Button>
      </Group>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="sm"
          aria-label="Which failed rows to show"
          value={status}
          onChange={(value) => setStatus(value === "fixed" ? "fixed" : "invalid")}
          data={[
            { value: "invalid", label: `To fix (${formatCount(counts.invalid)})` },
            { value: "fixed", label: `Fixed (${formatCount(counts.fixed)})` },
          ]}
        />
        <Text size="sm" fw={550} className="tabular" role="status">
          {formatCount(counts.fixed)} of {formatCount(total)} fixed
        </Text>
      </Group>
      {rows.isPending ? <Skeleton height={160} radius="lg" /> : null}
      {rows.isError ? <ProblemAlert error={rows.error} title="The rows could not be loaded" /> : null}
      {rows.data && items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {status === "fixed" ? "No row has been fixed yet." : "Every row has been fixed."}
        </Text>
      ) : null}
      {items.length > 0 ? (
        <ul className={classes.rows} aria-label={status === "fixed" ? "Fixed rows" : "Rows to fix"}>
          {items.map((row) => (
            <FailedRowForm key={row.number} view={view} row={row} status={status} />
          ))}
        </ul>
      ) : null}
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
      {future || view.result === null ? null : <ImportFixed view={view} counts={counts} />}
    </Stack>
  );
}

function NoLongerKept({ count }: { count: number }) {
  return (
    <Text size="sm" c="dimmed">
      {countOf(count, "row")} could not be stored. {count === 1 ? "It is" : "They are"} no longer kept: run
      the import again to see why.
    </Text>
  );
}

/** Imports the failed rows as they read now, as an import of their own. */
function ImportFixed({ view, counts }: { view: ImportView; counts: FailedRowCounts }) {
  const router = useRouter();
  const retry = useRetryJob(view.jobId);
  return (
    <Stack gap="xs">
      <ProblemAlert error={retry.error} title="The rows were not imported" />
      <Group gap="sm">
        <Button
          leftSection={<IconTableImport size={17} aria-hidden />}
          disabled={counts.fixed === 0}
          loading={retry.isPending}
          onClick={() =>
            retry.mutate({ failedRows: true }, { onSuccess: ({ id }) => router.push(`/imports/${id}`) })
          }
        >
          {counts.fixed === 0 ? "Import fixed rows" : `Import ${countOf(counts.fixed, "fixed row")}`}
        </Button>
        <Text size="sm" c="dimmed" style={{ flex: "1 1 14rem" }}>
          {counts.invalid > 0 && counts.fixed > 0
            ? `As an import of their own, with the same columns and options. The ${countOf(counts.invalid, "other row")} can be fixed there later.`
            : "As an import of their own, with the same columns and options."}
        </Text>
      </Group>
    </Stack>
  );
}
