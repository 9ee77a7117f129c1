"use client";

import { Button, EmptyState, Skeleton, Stack } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { recentImportsQuery } from "@/components/imports/queries";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { useNow } from "@/components/use-now";
import { JobList } from "./job-list";
import { jobsQuery } from "./queries";

const FIRST = 20;

/** Every import, export, backup, restore and undo of the account, newest first, those at work live. */
export function ActivityPage() {
  const [limit, setLimit] = useState(FIRST);
  const jobs = useQuery({ ...jobsQuery(limit), placeholderData: (previous) => previous });
  const imports = useQuery(recentImportsQuery);
  const now = useNow();
  return (
    <>
      <PageHeader
        title="Activity"
        description="Imports, exports, backups, restores and what was undone, newest first."
      />
      {jobs.isPending ? <Skeleton height={320} radius="lg" /> : null}
      {jobs.isError && !jobs.data ? (
        <ProblemAlert
          error={jobs.error}
          title="The activity could not be loaded"
          onRetry={() => void jobs.refetch()}
        />
      ) : null}
      {jobs.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconActivity size={44} stroke={1.3} aria-hidden />}
          title="Nothing has happened yet"
          description="Imports, exports, backups and undos appear here, also while they run."
        >
          <EmptyState.Actions>
            <Button component={Link} href="/import">
              Import a file
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      ) : null}
      {jobs.data && jobs.data.items.length > 0 ? (
        <Stack gap="md" align="stretch">
          <JobList jobs={jobs.data.items} now={now} imports={imports.data} />
          {jobs.data.nextCursor ? (
            <Button variant="default" loading={jobs.isFetching} onClick={() => setLimit(limit + FIRST * 2)}>
              Show more
            </Button>
          ) : null}
        </Stack>
      ) : null}
    </>
  );
}
