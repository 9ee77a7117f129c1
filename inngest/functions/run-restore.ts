import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { applyParts } from "@/lib/services/restores/apply-parts";
import { claimParts } from "@/lib/services/restores/claim-parts";
import { finishRestore } from "@/lib/services/restores/finish-restore";
import { openRestore } from "@/lib/services/restores/open-restore";
import { planParts } from "@/lib/services/restores/plan-parts";
import { rollBackRestore } from "@/lib/services/restores/roll-back";
import { announceRestoreEnd, restoreJob } from "@/lib/services/restores/run-state";
import { stageRestore } from "@/lib/services/restores/stage-restore";
import { insist, runStep } from "./job-steps";
import { awaitDecision, endRestore, type RestoreRun, safetySnapshot } from "./restore-phases";

/**
 * open → stage → plan → (a person) → safety snapshot → claim all collections → apply → finish. Steps return cursors; what
 * a step did is in the database. Whatever cannot be mended is taken back, in all collections.
 */
export const runRestore = inngest.createFunction(
  {
    id: "run-restore",
    triggers: [{ event: "restore/requested" }],
    retries: 3,
    concurrency: [{ limit: 2 }, { limit: 1, key: "event.data.ownerId" }],
    onFailure: async ({ event, step }) => {
      const { restoreId } = event.data.event.data as { restoreId: string };
      const ctx = systemContext();
      await insist(step, "roll-back", () => rollBackRestore(ctx, restoreId, internalFailure()));
      await step.run("release", () => announceRestoreEnd(ctx, restoreId));
    },
  },
  async ({ event, step, attempt }) => {
    const { restoreId } = event.data as { restoreId: string };
    const ctx = systemContext();
    const { jobId } = await step.run("job", () => restoreJob(ctx, restoreId));
    const run: RestoreRun = { ctx, step, attempt, jobId, restoreId, cancellable: true };

    const opened = await runStep(run, "open", () => openRestore(ctx, restoreId));
    if ("ended" in opened) return await endRestore(run, opened);
    const staged = await runStep(run, "stage", () => stageRestore(ctx, restoreId));
    if ("ended" in staged) return await endRestore(run, staged);
    for (let part = 0; ;) {
      const planned = await runStep(run, `plan-${part}`, () => planParts(ctx, restoreId, part));
      if ("ended" in planned) return await endRestore(run, planned);
      if (planned.done) break;
      part = planned.next;
    }

    for (let round = 0; ; round++) {
      const ending = await awaitDecision(run, round);
      if (ending) return await endRestore(run, ending);
      const saved = await safetySnapshot(run, round);
      if ("ended" in saved) return await endRestore(run, saved);
      if (saved.outcome === "done") break;
    }

    for (let turn = 0; ; turn++) {
      const claim = await runStep(run, `claim-${turn}`, () => claimParts(ctx, restoreId));
      if ("ended" in claim) return await endRestore(run, claim);
      if (claim.outcome === "claimed") break;
      await step.waitForEvent(`writer-${turn}`, {
        event: "collection/released",
        if: `async.data.collectionId == "${claim.collectionId}"`,
        timeout: turn < 5 ? "2s" : "10s",
      });
    }
    for (let next = { part: 0, chunk: 0 }; ;) {
      const at = next;
      const applied = await runStep(run, `apply-${at.part}-${at.chunk}`, () =>
        applyParts(ctx, restoreId, at),
      );
      if ("ended" in applied) return await endRestore(run, applied);
      if (applied.done) break;
      next = applied.next;
    }
    await insist(step, "finish", () => finishRestore(ctx, restoreId));
    await step.run("release", () => announceRestoreEnd(ctx, restoreId));
  },
);

/** The run itself failed: something that no step could have told of, such as a worker that died again and again. */
function internalFailure() {
  const message = "The restore failed for a reason of our own, also when it was tried again.";
  return { kind: "failed" as const, failure: { code: "internal", message } };
}
