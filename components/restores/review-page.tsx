"use client";

import { Anchor, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { ProblemError } from "@/components/api";
import { importQuery } from "@/components/imports/queries";
import { ProblemAlert } from "@/components/problem-alert";
import { ReviewPage } from "@/components/review/review-page";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import { restoreQuery } from "./queries";

/** The records of one collection that differ from the backup, decided one by one as those of an import are. */
export function RestoreReviewPage({ restoreId, importId }: { restoreId: string; importId: string }) {
  const restore = useQuery(restoreQuery(restoreId));
  const view = useQuery(importQuery(importId));
  const router = useRouter();
  const client = useQueryClient();
  // What was decided here is counted there.
  useEffect(() => () => void client.invalidateQueries({ queryKey: ["restores"] }), [client]);
  const back = `/backups/restores/${restoreId}`;
  const failed = restore.error ?? view.error;
  if (failed && !(restore.data && view.data)) {
    if (failed instanceof ProblemError && failed.status === 404) return <NotFoundPage />;
    return (
      <ProblemAlert
        error={failed}
        title="The records could not be loaded"
        onRetry={() => void Promise.all([restore.refetch(), view.refetch()])}
      />
    );
  }
  if (!restore.data || !view.data?.counts) return <PageSkeleton />;
  const name =
    restore.data.perCollection.find((one) => one.importId === importId)?.name ?? view.data.fileName;
  return (
    <>
      <PageHeader
        title={name}
        description="What you have now beside what the backup has."
        before={
          <Anchor component={Link} href={back} size="sm">
            Back to the restore
          </Anchor>
        }
      />
      <Stack gap="xl">
        <ReviewPage
          view={view.data}
          counts={view.data.counts}
          of="backup"
          onCancel={() => router.push(back)}
        />
      </Stack>
    </>
  );
}
