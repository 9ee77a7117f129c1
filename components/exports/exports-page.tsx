"use client";

import { Button, EmptyState, Skeleton, Stack } from "@mantine/core";
import { IconFileExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { useNow } from "@/components/use-now";
import { ExportButton } from "./export-dialog";
import { ExportList } from "./export-list";
import { exportsQuery } from "./queries";

const FIRST = 20;

/** Every export of the account, newest first: made, being made, expired. */
export function ExportsPage() {
  const [limit, setLimit] = useState(FIRST);
  const exports = useQuery({ ...exportsQuery(limit), placeholderData: (previous) => previous });
  const now = useNow();
  return (
    <>
      <PageHeader
        title="Exports"
        description="Take your data out in open formats: everything, or just what you choose."
        actions={<ExportButton />}
      />
      {exports.isPending ? <Skeleton height={320} radius="lg" /> : null}
      {exports.isError && !exports.data ? (
        <ProblemAlert
          error={exports.error}
          title="The exports could not be loaded"
          onRetry={() => void exports.refetch()}
        />
      ) : null}
      {exports.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconFileExport size={44} stroke={1.3} aria-hidden />}
          title="No exports yet"
          description="Files that you export stay here for some days, to be downloaded again."
        />
      ) : null}
      {exports.data && exports.data.items.length > 0 ? (
        <Stack gap="md" align="stretch">
          <ExportList exports={exports.data.items} now={now} />
          {exports.data.nextCursor ? (
            <Button
              variant="default"
              loading={exports.isFetching}
              onClick={() => setLimit(limit + FIRST * 2)}
            >
              Show more
            </Button>
          ) : null}
        </Stack>
      ) : null}
    </>
  );
}
