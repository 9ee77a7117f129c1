"use client";

import { Anchor, Badge, Button, EmptyState, Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { formatAgo, formatCount } from "@/components/format";
import { passedOver } from "@/components/imports/plan-counts";
import { collectionImportsQuery } from "@/components/imports/queries";
import type { ImportState, ImportSummary } from "@/lib/contracts/import-view";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { ProblemAlert } from "@/components/problem-alert";
import { RedoButton, UndoButton, undoneSentence, UndoNote } from "@/components/undo/undo-state";
import { isBeingUndone } from "@/components/undo/undoable";
import { useNow } from "@/components/use-now";
import classes from "./collections.module.css";

const STATE_WORDS: Record<ImportState, { label: string; color: string }> = {
  draft: { label: "Not started", color: "gray" },
  pending: { label: "Waiting", color: "gray" },
  staging: { label: "Being read", color: "harbour" },
  awaiting_review: { label: "Needs you", color: "yellow" },
  applying: { label: "Running", color: "harbour" },
  completed: { label: "Done", color: "green" },
  completed_with_errors: { label: "Done, with failed rows", color: "yellow" },
  failed: { label: "Failed", color: "red" },
  rolled_back: { label: "Taken back", color: "gray" },
  cancelled: { label: "Cancelled", color: "gray" },
  undoing: { label: "Being undone", color: "harbour" },
  undone: { label: "Undone", color: "gray" },
  redoing: { label: "Being brought back", color: "harbour" },
};

/** Every import into a collection, newest first: what each did, and its undo or the way back from it. */
export function ImportList({ collectionId }: { collectionId: string }) {
  const imports = useInfiniteQuery(collectionImportsQuery(collectionId));
  const now = useNow();
  const items = imports.data?.pages.flatMap((page) => page.items) ?? [];
  if (imports.isPending) return <Skeleton height={240} radius="lg" />;
  if (imports.isError && !imports.data) {
    return (
      <ProblemAlert
        error={imports.error}
        title="The imports could not be loaded"
        onRetry={() => void imports.refetch()}
      />
    );
  }
  if (items.length === 0) return <NothingYet collectionId={collectionId} />;
  return (
    <Stack gap="md" align="stretch">
      <Paper withBorder radius="lg" component="ul" className={classes.imports} aria-label="Imports">
        {items.map((view) => (
          <li key={view.id} className={classes.import}>
            <ImportRow view={view} now={now} />
          </li>
        ))}
      </Paper>
      {imports.hasNextPage ? (
        <Group>
          <Button
            variant="default"
            loading={imports.isFetchingNextPage}
            onClick={() => void imports.fetchNextPage()}
          >
            Show earlier imports
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

function ImportRow({ view, now }: { view: ImportSummary; now: number }) {
  const words = STATE_WORDS[view.state];
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={2} style={{ minWidth: 0, flex: "1 1 14rem" }}>
          <Group gap="xs">
            <Anchor
              component={Link}
              href={`/imports/${view.id}`}
              fw={550}
              style={{ overflowWrap: "anywhere" }}
            >
              {view.fileName}
            </Anchor>
            <Badge color={words.color}>{words.label}</Badge>
          </Group>
          <Text size="sm" c="dimmed" className="tabular">
            {[whatItDid(view), formatAgo(view.finishedAt ?? view.createdAt, now)]
              .filter((part) => part !== "")
              .join(" · ")}
          </Text>
          <UndoNote view={view} />
        </Stack>
        <UndoButton view={view} size="xs" label="Undo" />
        {view.state === "undone" ? <RedoButton view={view} /> : null}
        {view.state === "draft" || view.state === "awaiting_review" ? (
          <Button component={Link} href={`/imports/${view.id}`} size="xs" variant="light">
            Go on
          </Button>
        ) : null}
      </Group>
      {isBeingUndone(view) && view.undo ? <ProgressPanel jobId={view.undo.jobId} /> : null}
    </Stack>
  );
}

function whatItDid(view: ImportSummary): string {
  if (view.state === "undone") return undoneSentence(view).replace(/\.$/, "");
  if (view.failure) return view.failure.message;
  const { summary } = view.result ?? {};
  if (!summary) return "";
  const parts: [count: number, words: string][] = [
    [summary.imported, "added"],
    [summary.updated, "updated"],
    [summary.deleted, "removed"],
    [summary.unchanged, "unchanged"],
    [passedOver(summary), "passed over"],
    [summary.failed, "failed"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`)
    .join(", ");
}

function NothingYet({ collectionId }: { collectionId: string }) {
  return (
    <EmptyState
      icon={<IconFileImport size={44} stroke={1.3} aria-hidden />}
      title="Nothing was imported here yet"
      description="Every file that comes into this collection is listed here, and can be undone from here."
    >
      <EmptyState.Actions>
        <Button component={Link} href={`/import?collection=${collectionId}`}>
          Import a file
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
