"use client";

import { Anchor, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { ProblemError } from "@/components/api";
import { formatMoment } from "@/components/format";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { ProblemAlert } from "@/components/problem-alert";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import type { RestoreView } from "@/lib/contracts/restores";
import { EndedStep } from "./ended-step";
import { PlanStep } from "./plan-step";
import { restoreQuery } from "./queries";
import { RestoreSteps, type RestoreStep } from "./restore-steps";
import { ResultStep } from "./result-step";
import { SafetyNote } from "./safety-note";
import { scopeWords, strategyLabel } from "./words";

/** A restore from its plan to its result. Its address is its own: it can be left, reloaded, and found again. */
export function RestorePage({ restoreId }: { restoreId: string }) {
  const view = useQuery(restoreQuery(restoreId));
  if (view.isPending) return <PageSkeleton />;
  if (!view.data) {
    if (view.error instanceof ProblemError && view.error.status === 404) return <NotFoundPage />;
    return (
      <ProblemAlert
        error={view.error}
        title="The restore could not be loaded"
        onRetry={() => void view.refetch()}
      />
    );
  }
  return <Restore view={view.data} />;
}

function Restore({ view }: { view: RestoreView }) {
  const step = stepOf(view);
  const head = useRef<HTMLDivElement>(null);
  const shown = useRef(step);

  // A new step is a new page to the person: begin at its top, and let a screen reader read its name.
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    window.scrollTo({ top: 0 });
    head.current?.focus({ preventScroll: true });
  }, [step]);

  return (
    <>
      <div ref={head} tabIndex={-1} style={{ outline: "none" }}>
        <PageHeader
          title={titleOf(view)}
          description={`${capital(scopeWords(view))} · ${strategyLabel(view.globalStrategy).toLowerCase()} · from ${view.source.fileName}`}
          before={
            <Anchor component={Link} href="/backups/restores" size="sm">
              Restores
            </Anchor>
          }
        />
      </div>
      <Stack gap="xl">
        <RestoreSteps step={step} />
        <Body view={view} />
      </Stack>
    </>
  );
}

function Body({ view }: { view: RestoreView }) {
  switch (view.state) {
    case "ready":
      return <PlanStep view={view} />;
    case "pending":
    case "reading":
      return <ProgressPanel jobId={view.jobId} />;
    case "saving":
    case "restoring":
      return (
        <Stack gap="md">
          <SafetyNote view={view} />
          <ProgressPanel jobId={view.jobId} />
        </Stack>
      );
    case "undoing":
    case "redoing":
      return <ProgressPanel jobId={view.undo?.jobId ?? view.jobId} />;
    case "completed":
    case "completed_with_errors":
    case "undone":
      return <ResultStep view={view} />;
    case "failed":
    case "rolled_back":
    case "cancelled":
    case "expired":
      return <EndedStep view={view} />;
  }
}

function stepOf({ state, counts }: RestoreView): RestoreStep {
  switch (state) {
    case "failed":
    case "rolled_back":
      // Without counts it was the backup that could not be used.
      return counts === null ? "look" : "restore";
    case "cancelled":
    case "expired":
    case "pending":
    case "reading":
    case "ready":
      return "look";
    case "saving":
    case "restoring":
      return "restore";
    default:
      return "result";
  }
}

function titleOf({ source: { snapshotAt } }: RestoreView): string {
  return snapshotAt ? `Restore the state of ${formatMoment(snapshotAt)}` : "Restore from a backup";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
