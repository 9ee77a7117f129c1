"use client";

import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import type { Collection } from "@/lib/contracts/collections";
import type { HistoryItem } from "@/lib/contracts/record-history";
import type { RecordView } from "@/lib/contracts/records";
import { GoBackDialog } from "./go-back-dialog";
import { HistoryEntry } from "./history-entry";
import classes from "./history.module.css";
import { historyQuery } from "./queries";
import { TRUNCATED } from "./words";

interface HistoryPanelProps {
  collection: Collection;
  record: RecordView;
  /** Something is typed in the record's form and not saved. */
  hasUnsaved: boolean;
  onReverted: (record: RecordView) => void;
}

/** Every change of a record that is known, newest first, and the way back to each. */
export function HistoryPanel({ collection, record, hasUnsaved, onReverted }: HistoryPanelProps) {
  const history = useInfiniteQuery(historyQuery(collection.id, record.id));
  const now = useNow();
  const [target, setTarget] = useState<HistoryItem | null>(null);
  const items = history.data?.pages.flatMap((page) => page.items) ?? [];
  const truncated = history.data?.pages[0]?.truncatedBecause;
  const newest = items[0];

  if (history.isPending) return <Loading />;
  if (!newest) {
    return (
      <ProblemAlert
        error={history.error}
        title="The history could not be loaded"
        onRetry={() => void history.refetch()}
      />
    );
  }
  return (
    <Stack gap="md">
      <ol className={classes.entries} aria-label="Changes, newest first">
        {items.map((item, index) => (
          <HistoryEntry
            key={`${item.at} ${item.version} ${item.kind}`}
            item={item}
            older={items[index + 1]}
            fields={collection.fields}
            isNewest={index === 0}
            now={now}
            onGoBack={setTarget}
          />
        ))}
      </ol>
      {items.length === 1 ? (
        <Text size="sm" c="dimmed">
          Nothing has changed since. Every later change will be listed here, with a way back.
        </Text>
      ) : null}
      <ProblemAlert error={history.error} title="The history could not be loaded" />
      {history.hasNextPage ? (
        <Button
          variant="default"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show earlier changes
        </Button>
      ) : truncated ? (
        <Alert color="gray" icon={<IconInfoCircle size={18} aria-hidden />}>
          {TRUNCATED[truncated]}
        </Alert>
      ) : null}
      {target ? (
        <GoBackDialog
          collection={collection}
          recordId={record.id}
          target={target}
          newest={newest}
          hasUnsaved={hasUnsaved}
          onReverted={onReverted}
          onClose={() => setTarget(null)}
        />
      ) : null}
    </Stack>
  );
}

function Loading() {
  return (
    <Stack gap="lg" role="status" aria-label="Loading the history">
      {[72, 54, 54].map((height, index) => (
        <Skeleton key={index} height={height} />
      ))}
    </Stack>
  );
}
