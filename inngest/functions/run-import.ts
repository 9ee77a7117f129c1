import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { applyChunks } from "@/lib/services/imports/apply";
import { finishImport } from "@/lib/services/imports/finish";
import { hasUnplannedFixes, planRound } from "@/lib/services/imports/plan-round";
import { removeSource } from "@/lib/services/imports/remove-source";
import { rollBackImport } from "@/lib/services/imports/rollback";
import { stageImport } from "@/lib/services/imports/stage";
import { stageFromRows } from "@/lib/services/imports/stage-from-rows";
import { announceEnd, importJob } from "@/lib/services/imports/writer-turn";
import { claimTurn, endWith, type ImportRun, review } from "./import-phases";
import { insist, runStep } from "./job-steps";

/** Rounds of planning after which the plan is no longer made anew for every edit somebody makes meanwhile. */
const ROUNDS_MAX = 20;

/**
 * stage → plan → (review) → claim the collection → apply → finish. Steps return cursors, never rows; what a step did is
 * in the database, so that one which runs twice finds its own marks. Whatever cannot be mended is taken back.
 */
export const runImport = inngest.createFunction(
  {
    id: "run-import",
    triggers: [{ event: "import/requested" }],
    retries: 3,
    concurrency: [{ key: "event.data.lane", limit: 2 }],
    onFailure: async ({ event, step }) => {
      const { importId } = event.data.event.data as { importId: string };
      const ctx = systemContext();
      await insist(step, "roll-back", () => rollBackImport(ctx, importId, internalFailure()));
      await step.run("release", () => announceEnd(ctx, importId));
    },
  },
  async ({ event, step, attempt }) => {
    const { importId } = event.data as { importId: string };
    const ctx = systemContext();
    const { jobId, collectionId, isRetry } = await step.run("job", () => importJob(ctx, importId));
    const run: ImportRun = { ctx, step, attempt, jobId, importId, collectionId, cancellable: true };

    const staged = await runStep(run, "stage", () =>
      isRetry ? stageFromRows(ctx, importId) : stageImport(ctx, importId),
    );
    if ("ended" in staged) return await endWith(run, staged);

    for (let round = 0; ; round++) {
      const plan = await runStep(run, `plan-${round}`, () => planRound(ctx, importId));
      if ("ended" in plan) return await endWith(run, plan);
      if (plan.needsReview) {
        const ending = await review(run, round);
        if (ending) return await endWith(run, ending);
        const { unplanned } = await step.run(`fixes-${round}`, () => hasUnplannedFixes(ctx, importId));
        if (unplanned) continue;
      }
      const claim = await claimTurn(run, round, round < ROUNDS_MAX);
      if ("ended" in claim) return await endWith(run, claim);
      if (claim.outcome === "claimed") break;
    }

    for (let chunk = 0; ;) {
      const applied = await runStep(run, `apply-${chunk}`, () => applyChunks(ctx, importId, chunk));
      if ("ended" in applied) return await endWith(run, applied);
      if (applied.done) break;
      chunk = applied.nextChunk;
    }
    await insist(step, "finish", () => finishImport(ctx, importId));
    await step.run("remove-source", () => removeSource(ctx, importId));
    await step.run("release", () => announceEnd(ctx, importId));
  },
);

/** The run itself failed: something that no step could have told of, such as a worker that died again and again. */
function internalFailure() {
  return {
    kind: "failed" as const,
    failure: {
      code: "internal",
      message: "The import failed for a reason of our own, also when it was tried again.",
    },
  };
}
