import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { claimForRun, failRun, finishRun, undoJob, workChunks } from "@/lib/services/imports/undo-work";
import { announceEnd } from "@/lib/services/imports/writer-turn";
import { insist, type JobSteps, runStep } from "./job-steps";

type Kind = "undo" | "redo";

const STANDS = {
  undo: "What it has taken back stays so: start it again, or bring it back.",
  redo: "What is back stays so: start it again, or undo the import.",
};

/**
 * Takes a finished import back, or brings an undone one in again, chunk by chunk, as the one writer of its collection.
 * A step that runs twice finds the chunks' marks. It can be paused, but not cancelled: half an undo is nobody's wish.
 */
function inChunks(kind: Kind) {
  return inngest.createFunction(
    {
      id: `${kind}-import`,
      triggers: [{ event: `import/${kind}.requested` }],
      retries: 3,
      onFailure: async ({ event, step }) => {
        const { importId } = event.data.event.data as { importId: string };
        const ctx = systemContext();
        const message = `Something went wrong in Ferry itself. ${STANDS[kind]}`;
        await insist(step, "give-up", () => failRun(ctx, importId, kind, message));
        await step.run("release", () => announceEnd(ctx, importId));
      },
    },
    async ({ event, step, attempt }) => {
      const { importId } = event.data as { importId: string };
      const ctx = systemContext();
      const { jobId, collectionId } = await step.run("job", () => undoJob(ctx, importId, kind));
      const job: JobSteps = { ctx, step, attempt, jobId, cancellable: false };
      const giveUp = async (reason: string) => {
        await insist(step, "give-up", () => failRun(ctx, importId, kind, `${reason} ${STANDS[kind]}`));
        await step.run("release", () => announceEnd(ctx, importId));
      };

      for (let turn = 0; ; turn++) {
        const claim = await runStep(job, `claim-${turn}`, () => claimForRun(ctx, importId, kind));
        if ("ended" in claim) return await giveUp(reasonOf(claim));
        if (claim.outcome === "gone") return await giveUp("The collection has been deleted meanwhile.");
        if (claim.outcome === "claimed") break;
        await step.waitForEvent(`wait-for-writer-${turn}`, {
          event: "collection/released",
          if: `async.data.collectionId == "${collectionId}"`,
          timeout: turn < 10 ? "2s" : "10s",
        });
      }
      for (let round = 0; ; round++) {
        const work = await runStep(job, `${kind}-${round}`, () => workChunks(ctx, importId, kind));
        if ("ended" in work) return await giveUp(reasonOf(work));
        if (work.done) break;
      }
      await insist(step, "finish", () => finishRun(ctx, importId, kind));
      await step.run("release", () => announceEnd(ctx, importId));
    },
  );
}

function reasonOf(
  stopped: { ended: "cancelled" } | { ended: "failed"; failure: { message: string } },
): string {
  return stopped.ended === "failed" ? stopped.failure.message : "It was cancelled.";
}

export const undoImport = inChunks("undo");
export const redoImport = inChunks("redo");
