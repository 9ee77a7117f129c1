"use client";

import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconRefresh } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRetryJob } from "@/components/jobs/queries";
import { ProblemAlert } from "@/components/problem-alert";
import { FailedRows } from "./failed-rows";
import { useRowName } from "./row-names";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ImportFailure } from "@/lib/contracts/imports";

/** An import that changed nothing in the end: failed, taken back, or cancelled. Says so, and the reason. */
export function EndedStep({ view }: { view: ImportView }) {
  const again = view.collectionId ? `/import?collection=${view.collectionId}` : "/import";
  const invalid = view.counts?.invalid ?? 0;
  const retry = useRetryJob(view.jobId);
  const router = useRouter();
  const rowName = useRowName();
  const row = rowBesides(view.failure);
  return (
    <Stack gap="lg">
      {view.state === "cancelled" ? (
        <Alert
          color="gray"
          icon={<IconBan size={18} aria-hidden />}
          title="This import was cancelled"
          role="status"
        >
          {view.failure?.message ?? "The import was cancelled."} Your records are as they were before.
        </Alert>
      ) : (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={
            view.state === "rolled_back" ? "This import failed and was taken back" : "This import failed"
          }
          role="alert"
        >
          {view.failure?.message ?? "It could not be finished."}
          {row === undefined ? "" : ` (${rowName(row)}.)`}{" "}
          {view.state === "rolled_back"
            ? "What had been written was taken back, record by record: your data are as they were before."
            : "Your records are as they were before."}
        </Alert>
      )}
      {invalid > 0 && view.state !== "cancelled" ? <FailedRows view={view} count={invalid} /> : null}
      <ProblemAlert error={retry.error} title="It cannot be run again" />
      <Group>
        <Button
          leftSection={<IconRefresh size={17} aria-hidden />}
          loading={retry.isPending}
          onClick={() =>
            retry.mutate({ failedRows: false }, { onSuccess: ({ id }) => router.push(`/imports/${id}`) })
          }
        >
          Run it again
        </Button>
        <Button component={Link} href={again} variant="default">
          Import a file
        </Button>
        <Button component={Link} href="/activity" variant="default">
          To the activity
        </Button>
      </Group>
    </Stack>
  );
}

/** The row in which an import failed, where its words do not name it. */
function rowBesides(failure: ImportFailure | null): number | undefined {
  return failure && !/\brow\b/i.test(failure.message) ? failure.where?.row : undefined;
}
