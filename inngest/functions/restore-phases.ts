import { NOTICE_DAYS, openPlan, WAIT_DAYS, warnOfPlanExpiry } from "@/lib/services/restores/await-decision";
import { type RestoreEnd, rollBackRestore } from "@/lib/services/restores/roll-back";
import { announceRestoreEnd } from "@/lib/services/restores/run-state";
import { saveFirst } from "@/lib/services/restores/safety";
import { noteRecovery } from "@/lib/services/jobs/note-retry";
import { insist, type JobSteps, PAUSE_DAYS, runStep, type Stopped } from "./job-steps";

/** Why a restore ends before its time: stopped at work, or nobody decided. */
type Ending = Stopped | { ended: "expired" };

/** One run of a restore's function. */
export interface RestoreRun extends JobSteps {
  restoreId: string;
}

/**
 * Waits for a person, days if need be. Undefined when the restore may go on. Each wait is registered together with a step
 * that looks or opens, so that no decision comes too early or between two waits.
 */
export async function awaitDecision(
  { ctx, step, restoreId }: RestoreRun,
  round: number,
): Promise<Ending | undefined> {
  const decision = (name: string, days: number) =>
    step.waitForEvent(`${name}-${round}`, {
      event: "restore/decided",
      if: `async.data.restoreId == "${restoreId}"`,
      timeout: `${days}d`,
    });
  const first = decision("decision", WAIT_DAYS - NOTICE_DAYS);
  await step.run(`open-plan-${round}`, () => openPlan(ctx, restoreId));
  let decided = await first;
  if (decided === null) {
    const last = decision("last-decision", NOTICE_DAYS);
    await step.run(`warn-${round}`, () => warnOfPlanExpiry(ctx, restoreId));
    decided = await last;
  }
  if (decided === null) return { ended: "expired" };
  return decided.data.decision === "cancel" ? { ended: "cancelled", pauseRanOut: false } : undefined;
}

/** Has a backup of today made, and waits for it. `failed`: nothing was changed, and the person is asked again. */
export async function safetySnapshot(
  run: RestoreRun,
  round: number,
): Promise<Stopped | { outcome: "done" | "failed" }> {
  const { ctx, step, restoreId } = run;
  for (let turn = 0; ; turn++) {
    const saved = await runStep(run, `save-${round}-${turn}`, () => saveFirst(ctx, restoreId));
    if ("ended" in saved) return saved;
    if (saved.outcome !== "making") return { outcome: saved.outcome };
    // A backup has no event for its end; a cancel of the restore is heard.
    await step.waitForEvent(`saving-${round}-${turn}`, {
      event: "restore/decided",
      if: `async.data.restoreId == "${restoreId}"`,
      timeout: turn < 20 ? "1s" : turn < 60 ? "5s" : "30s",
    });
  }
}

/** Ends a restore that was stopped: everything is taken back. */
export async function endRestore({ ctx, step, jobId, restoreId }: RestoreRun, ending: Ending): Promise<void> {
  const end = endOf(ending);
  await insist(step, "roll-back", async () => {
    await noteRecovery(ctx, jobId);
    await rollBackRestore(ctx, restoreId, end);
  });
  await step.run("release", () => announceRestoreEnd(ctx, restoreId));
}

function endOf(ending: Ending): RestoreEnd {
  if (ending.ended === "failed") return { kind: "failed", failure: ending.failure };
  if (ending.ended === "expired" || !ending.pauseRanOut) return { kind: ending.ended };
  const message = `The restore was paused for ${PAUSE_DAYS} days, so it was cancelled. Nothing of it remains.`;
  return { kind: "cancelled", failure: { code: "pause-ran-out", message } };
}
