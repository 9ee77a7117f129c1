import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import {
  claimForRestoreRun,
  failRestoreRun,
  finishRestoreRun,
  restoreUndoJob,
  workRestoreRun,
} from "@/lib/services/restores/undo-work";
import { announceRestoreEnd } from "@/lib/services/restores/run-state";
import { insist, type JobSteps, runStep, type Stopped } from "./job-steps";

type Kind = "undo" | "redo";

const STANDS = {
  undo: "What it has taken back stays so: start it again, or bring it back.",
  redo: "What is back stays so: start it again, or undo the restore.",
};

/** As the undo of an import (undo-import.ts), over all collections of a restore. */
function inCollections(kind: Kind) {
  return inngest.createFunction(
    {
      id: `${kind}-restore`,
      triggers: [{ event: `restore/${kind}.requested` }],
      retries: 3,
      onFailure: async ({ event, step }) => {
        const { restoreId } = event.data.event.data as { restoreId: string };
        const ctx = systemContext();
        const message = `Something went wrong in Ferry itself. ${STANDS[kind]}`;
        await insist(step, "give-up", () => failRestoreRun(ctx, restoreId, kind, message));
        await step.run("release", () => announceRestoreEnd(ctx, restoreId));
      },
    },
    async ({ event, step, attempt }) => {
      const { restoreId } = event.data as { restoreId: string };
      const ctx = systemContext();
      const { jobId } = await step.run("job", () => restoreUndoJob(ctx, restoreId, kind));
      const job: JobSteps = { ctx, step, attempt, jobId, cancellable: false };
      const giveUp = async (stopped: Stopped) => {
        const reason = stopped.ended === "failed" ? stopped.failure.message : "It was cancelled.";
        await insist(step, "give-up", () =>
          failRestoreRun(ctx, restoreId, kind, `${reason} ${STANDS[kind]}`),
        );
        await step.run("release", () => announceRestoreEnd(ctx, restoreId));
      };

      for (let turn = 0; ; turn++) {
        const claim = await runStep(job, `claim-${turn}`, () => claimForRestoreRun(ctx, restoreId, kind));
        if ("ended" in claim) return await giveUp(claim);
        if (claim.outcome === "claimed") break;
        await step.waitForEvent(`wait-for-writer-${turn}`, {
          event: "collection/released",
          if: `async.data.collectionId == "${claim.collectionId}"`,
          timeout: turn < 10 ? "2s" : "10s",
        });
      }
      for (let round = 0, part = 0; ; round++) {
        const from = part;
        const work = await runStep(job, `${kind}-${round}`, () => workRestoreRun(ctx, restoreId, kind, from));
        if ("ended" in work) return await giveUp(work);
        if (work.done) break;
        part = work.next;
      }
      await insist(step, "finish", () => finishRestoreRun(ctx, restoreId, kind));
      await step.run("release", () => announceRestoreEnd(ctx, restoreId));
    },
  );
}

export const undoRestore = inCollections("undo");
export const redoRestore = inCollections("redo");
