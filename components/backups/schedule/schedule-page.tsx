"use client";

import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { BackupsFrame } from "@/components/backups/backups-frame";
import { ProblemAlert } from "@/components/problem-alert";
import { PolicyState } from "./policy-state";
import { policyQuery } from "./queries";
import { ScheduleEditor } from "./schedule-editor";

/** When backups are made by themselves, and which of them are kept. */
export function SchedulePage() {
  const policy = useQuery(policyQuery);
  return (
    <BackupsFrame
      title="Backup schedule"
      description="Backups that are made by themselves, and how long they are kept. You see what it means before you save it."
    >
      <Stack gap="lg">
        <PolicyState />
        {policy.isPending ? <Skeleton height={480} radius="lg" role="status" aria-label="Loading…" /> : null}
        {policy.isError && !policy.data ? (
          <ProblemAlert
            error={policy.error}
            title="The schedule could not be loaded"
            onRetry={() => void policy.refetch()}
          />
        ) : null}
        {policy.data ? <ScheduleEditor saved={policy.data} /> : null}
      </Stack>
    </BackupsFrame>
  );
}
