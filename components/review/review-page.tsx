"use client";

import { Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf } from "@/components/format";
import { useMoveImport } from "@/components/imports/queries";
import type { ImportView } from "@/lib/contracts/import-view";
import { ProblemAlert } from "@/components/problem-alert";
import type { PlanCounts } from "@/lib/contracts/imports";
import { ConflictList } from "./conflict-list";
import { ImportBar } from "./import-bar";
import { ManyDecisions } from "./many-decisions";
import { conflictPagesQuery } from "./queries";
import { RestoreBar } from "./restore-bar";
import { ReviewFilters } from "./review-filters";
import { ReviewHelp } from "./review-help";
import { ReviewOfContext, type ReviewOf } from "./review-of";
import classes from "./review.module.css";
import { createReviewStore, NO_FILTER, ReviewStoreContext, useReview, useReviewStore } from "./review-store";
import { SelectionBar } from "./selection-bar";
import { DecideContext, useDecisions } from "./use-decisions";

interface ReviewPageProps {
  view: ImportView;
  counts: PlanCounts;
  /** Of a backup, the restore that this belongs to is what goes on: then there is only the way back to it. */
  of?: ReviewOf;
  onCancel: () => void;
}

/** Every row that clashes with a record, to be decided one by one or many at a time; it can be left and found again. */
export function ReviewPage(props: ReviewPageProps) {
  const [store] = useState(createReviewStore);
  const decide = useDecisions(props.view.id, store);
  return (
    <ReviewStoreContext value={store}>
      <DecideContext value={decide}>
        <ReviewOfContext value={props.of ?? "file"}>
          <Review {...props} />
        </ReviewOfContext>
      </DecideContext>
    </ReviewStoreContext>
  );
}

function Review({ view, counts, of = "file", onCancel }: ReviewPageProps) {
  const filter = useReview((s) => s.filter);
  const pages = useInfiniteQuery(conflictPagesQuery(view.id, filter));
  const move = useMoveImport(view.id);
  const conflicts = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const matching = pages.isPlaceholderData ? undefined : pages.data?.pages[0]?.matching;
  const rule = view.options.onConflict === "ask" ? null : view.options.onConflict;
  const titleFields = view.keyFields.length > 0 ? view.keyFields : view.fields.map((field) => field.name);

  return (
    <Stack gap="md" component="section" aria-labelledby="review-title" className={classes.review}>
      <div>
        <Title order={2} id="review-title">
          {of === "file"
            ? `${countOf(counts.clashes, "row")} ${counts.clashes === 1 ? "clashes" : "clash"} with records you have`
            : `${countOf(counts.clashes, "record")} ${counts.clashes === 1 ? "differs" : "differ"} from the backup`}
        </Title>
        <Text size="sm" c="dimmed">
          Decide what shall happen to each. Decisions are saved at once: you can leave and come back.
        </Text>
      </div>
      <ManyDecisions importId={view.id} rule={rule} />
      <ReviewFilters
        fields={view.fields}
        matching={matching}
        total={counts.clashes}
        open={counts.conflicts}
      />
      {pages.isPending ? <Loading /> : null}
      {pages.isError && !pages.data ? (
        <ProblemAlert
          error={pages.error}
          title="The conflicts could not be loaded"
          onRetry={() => void pages.refetch()}
        />
      ) : null}
      {matching === 0 ? <NoneListed /> : null}
      {conflicts.length > 0 && matching !== 0 ? (
        <div data-stale={pages.isPlaceholderData || undefined} className={classes.results}>
          <ConflictList
            conflicts={conflicts}
            matching={matching ?? conflicts.length}
            fields={view.fields}
            titleFields={titleFields}
            rule={rule}
            hasMore={pages.hasNextPage}
            isLoadingMore={pages.isFetchingNextPage}
            moreError={pages.isFetchNextPageError ? pages.error : null}
            loadMore={() => void pages.fetchNextPage()}
          />
        </div>
      ) : null}
      <ProblemAlert error={move.error} title="The import did not go on" />
      {of === "file" ? (
        <ImportBar
          counts={counts}
          isStarting={move.isPending}
          onImport={() => move.mutate({ verb: "resolve", body: {} })}
          onCancel={onCancel}
        >
          <SelectionBar importId={view.id} conflicts={conflicts} matching={matching ?? 0} />
        </ImportBar>
      ) : (
        <RestoreBar counts={counts} onBack={onCancel}>
          <SelectionBar importId={view.id} conflicts={conflicts} matching={matching ?? 0} />
        </RestoreBar>
      )}
      <ReviewHelp />
    </Stack>
  );
}

function Loading() {
  return (
    <Stack gap="sm" role="status" aria-label="Loading the conflicts">
      <Skeleton height={210} radius="lg" />
      <Skeleton height={210} radius="lg" />
      <Skeleton height={210} radius="lg" />
    </Stack>
  );
}

function NoneListed() {
  const store = useReviewStore();
  const state = useReview((s) => s.filter.state);
  return (
    <Stack align="center" gap="xs" py="xl">
      <Text>{state === "unresolved" ? "No open conflict here." : "No conflict meets the filter."}</Text>
      <Button variant="default" onClick={() => store.getState().set({ filter: NO_FILTER })}>
        Show all
      </Button>
    </Stack>
  );
}
