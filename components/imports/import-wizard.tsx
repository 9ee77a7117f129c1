"use client";

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";
import { ProblemError } from "@/components/api";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { ProblemAlert } from "@/components/problem-alert";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import { CheckDraftStep } from "./check-draft-step";
import { EndedStep } from "./ended-step";
import { MapStep } from "./map-step";
import { ExpiryNote } from "./expiry-note";
import { importQuery, useMoveImport } from "./queries";
import { ResultStep } from "./result-step";
import { ReviewStep } from "./review-step";
import { FileRowsContext } from "./row-names";
import type { ImportView } from "@/lib/contracts/import-view";
import { WizardSteps, type WizardStep } from "./wizard-steps";

const DESCRIPTIONS: Record<WizardStep, string> = {
  upload: "",
  map: "Look at how the file was understood, and where its columns go.",
  check: "See what will be stored before anything is written.",
  import: "The rows are being written, in batches that can be taken back.",
  result: "What came of it.",
};

/** An import from mapping to result. Its address is its own: it can be left, reloaded, and found again. */
export function ImportWizard({ importId }: { importId: string }) {
  const view = useQuery(importQuery(importId));
  if (view.isPending) return <PageSkeleton />;
  if (view.isError && !view.data) {
    if (view.error instanceof ProblemError && view.error.status === 404) return <NotFoundPage />;
    return (
      <ProblemAlert
        error={view.error}
        title="The import could not be loaded"
        onRetry={() => void view.refetch()}
      />
    );
  }
  return <Wizard view={view.data} />;
}

function Wizard({ view }: { view: ImportView }) {
  const router = useRouter();
  const checking = useSearchParams().get("step") === "check";
  const move = useMoveImport(view.id);
  const step = stepOf(view, checking);
  const head = useRef<HTMLDivElement>(null);
  const shown = useRef(step);

  // A new step is a new page to the person: begin at its top, and let a screen reader read its name.
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    window.scrollTo({ top: 0 });
    head.current?.focus({ preventScroll: true });
  }, [step]);

  const go = (to: "map" | "check") =>
    router.push(`/imports/${view.id}${to === "check" ? "?step=check" : ""}`);
  const cancel = () => move.mutate({ verb: "cancel", body: {} });

  return (
    <>
      <div ref={head} tabIndex={-1} style={{ outline: "none" }}>
        <PageHeader title={view.fileName} description={DESCRIPTIONS[step]} />
      </div>
      <Stack gap="xl">
        <WizardSteps step={step} />
        {view.expiresAt ? <ExpiryNote expiresAt={view.expiresAt} /> : null}
        <FileRowsContext value={view.fileRows}>
          <StepBody view={view} step={step} checking={checking} go={go} cancel={cancel} />
        </FileRowsContext>
      </Stack>
    </>
  );
}

interface StepBodyProps {
  view: ImportView;
  step: WizardStep;
  checking: boolean;
  go: (to: "map" | "check") => void;
  cancel: () => void;
}

function StepBody({ view, step, checking, go, cancel }: StepBodyProps) {
  const ended = view.state === "failed" || view.state === "rolled_back" || view.state === "cancelled";
  // A cancelled import whose first part was kept has a result like any other.
  if (ended && !view.result) {
    return <EndedStep view={view} />;
  }
  if (view.state === "draft") {
    return checking ? (
      <CheckDraftStep view={view} onBack={() => go("map")} />
    ) : (
      <MapStep view={view} onContinue={() => go("check")} onCancel={cancel} />
    );
  }
  if (view.state === "awaiting_review" && view.counts) {
    return <ReviewStep view={view} counts={view.counts} onCancel={cancel} />;
  }
  if (step === "result" && view.result) return <ResultStep view={view} result={view.result} />;
  return <ProgressPanel jobId={view.jobId} />;
}

function stepOf(view: ImportView, checking: boolean): WizardStep {
  switch (view.state) {
    case "draft":
      return checking ? "check" : "map";
    case "pending":
    case "awaiting_review":
      return "check";
    case "staging":
      // The same state before the person's decision and right after it; only the counts tell.
      return view.counts === null ? "check" : "import";
    case "applying":
      return "import";
    default:
      return "result";
  }
}
