import { claimCollection } from "@/lib/services/imports/claim";
import { endCancelled } from "@/lib/services/imports/end-cancelled";
import { NOTICE_DAYS, openReview, REVIEW_DAYS, warnOfExpiry } from "@/lib/services/imports/await-review";
import { removeSource, removeSpentSource } from "@/lib/services/imports/remove-source";
import { rollBackImport } from "@/lib/services/imports/rollback";
import { noteRecovery } from "@/lib/services/jobs/note-retry";
import { announceEnd, noteWaiting } from "@/lib/services/imports/writer-turn";
import { insist, type JobSteps, PAUSE_DAYS, runStep, type Stopped } from "./job-steps";

/** Why an import ends before its time: stopped at work, or nobody decided. */
type Ending = Stopped | { ended: "expired" };

/** One run of an import's function. */
export interface ImportRun extends JobSteps {
  importId: string;
  /** Null while the collection is still to be made; then nobody else writes to it. */
  collectionId: string | null;
}

/**
 * Waits for a person, days if need be, the last of them with a notice. Undefined when the import may go on. Each wait is
 * registered together with a step that looks or opens, so that no decision comes too early or between two waits.
 */
export async function review({ ctx, step, importId }: ImportRun, round: number): Promise<Ending | undefined> {
  const decision = (name: string, days: number) =>
    step.waitForEvent(`${name}-${round}`, {
      event: "import/decided",
      if: `async.data.importId == "${importId}"`,
      timeout: `${days}d`,
    });
  const first = decision("decision", REVIEW_DAYS - NOTICE_DAYS);
  await step.run(`open-review-${round}`, () => openReview(ctx, importId));
  let decided = await first;
  if (decided === null) {
    const last = decision("last-decision", NOTICE_DAYS);
    await step.run(`warn-${round}`, () => warnOfExpiry(ctx, importId));
    decided = await last;
  }
  if (decided === null) return { ended: "expired" };
  return decided.data.decision === "cancel" ? { ended: "cancelled", pauseRanOut: false } : undefined;
}

/**
 * Becomes the one writer of the collection, after whoever is writing to it. A release is heard; looking again is for
 * one that was not told of.
 */
export async function claimTurn(run: ImportRun, round: number, strictly: boolean) {
  const { ctx, step, importId, collectionId } = run;
  for (let turn = 0; ; turn++) {
    const claim = await runStep(run, `claim-${round}-${turn}`, () =>
      claimCollection(ctx, importId, strictly),
    );
    if ("ended" in claim || claim.outcome !== "busy" || collectionId === null) return claim;
    const released = step.waitForEvent(`writer-${round}-${turn}`, {
      event: "collection/released",
      if: `async.data.collectionId == "${collectionId}"`,
      timeout: turn < 5 ? "2s" : turn < 30 ? "10s" : "5m",
    });
    await step.run(`note-waiting-${round}-${turn}`, () => noteWaiting(ctx, importId, collectionId));
    await released;
  }
}

/** Ends an import that was stopped: takes back what is in, or keeps it if that was the person's choice. */
export async function endWith({ ctx, step, jobId, importId }: ImportRun, ending: Ending): Promise<void> {
  if (ending.ended === "failed") {
    await insist(step, "roll-back", async () => {
      await noteRecovery(ctx, jobId);
      await rollBackImport(ctx, importId, { kind: "failed", failure: ending.failure });
    });
    await step.run("remove-source", () => removeSpentSource(ctx, importId));
  } else {
    // Before it has ended: whoever retries it then is told that the file is gone, and does not lose it in the middle.
    await step.run("remove-source", () => removeSource(ctx, importId));
    await insist(step, "roll-back", () => endCancelled(ctx, importId, cancelledBecause(ending)));
  }
  await step.run("release", () => announceEnd(ctx, importId));
}

function cancelledBecause(ending: Exclude<Ending, { ended: "failed" }>): string | undefined {
  if (ending.ended === "expired") {
    return `Nobody decided within ${REVIEW_DAYS} days, so the import was cancelled. Nothing of it remains.`;
  }
  if (!ending.pauseRanOut) return undefined;
  return `The import was paused for ${PAUSE_DAYS} days, so it was cancelled. Nothing of it remains.`;
}
