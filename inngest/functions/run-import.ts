import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { applyChunks } from "@/lib/services/imports/apply";
import { claimCollection } from "@/lib/services/imports/claim";
import { finishImport } from "@/lib/services/imports/finish";
import { ImportCancelledError, PermanentImportError } from "@/lib/services/imports/errors";
import { noteRetry } from "@/lib/services/imports/note-retry";
import { openReview, planImport } from "@/lib/services/imports/plan";
import { removeSource } from "@/lib/services/imports/remove-source";
import { rollBackImport, type RollbackReason } from "@/lib/services/imports/rollback";
import { stageImport } from "@/lib/services/imports/stage";

/** Staged rows wait this long for a decision (S5.5). */
const REVIEW_DAYS = 7;
/** Rounds of planning after which the plan is no longer made anew for every edit somebody makes meanwhile. */
const ROUNDS_MAX = 20;

type Ended = { ended: RollbackReason };

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
      await step.run("roll-back", () => rollBackImport(systemContext(), importId, internalFailure()));
    },
  },
  async ({ event, step, attempt }) => {
    const { importId } = event.data as { importId: string };
    const ctx = systemContext();

    /** A step whose permanent failures are results: retrying mends nothing, so none is spent on them. */
    const run = <T extends object>(id: string, work: () => Promise<T>) =>
      step.run(id, async (): Promise<T | Ended> => {
        if (attempt > 0) await noteRetry(ctx, importId, attempt + 1);
        try {
          return await work();
        } catch (error) {
          const ended = endOf(error);
          if (ended) return ended;
          ctx.log.warn({ err: error, importId, step: id, attempt }, "import step failed");
          throw error;
        }
      });
    const endWith = async ({ ended }: Ended) => {
      await step.run("roll-back", () => rollBackImport(ctx, importId, ended));
      await step.run("remove-source", () => removeSource(ctx, importId));
    };

    const staged = await run("stage", () => stageImport(ctx, importId));
    if ("ended" in staged) return await endWith(staged);

    for (let round = 0; ; round++) {
      const plan = await run(`plan-${round}`, () => planImport(ctx, importId));
      if ("ended" in plan) return await endWith(plan);
      if (plan.needsReview) {
        // The wait is registered together with the step that opens the review, so that no decision can come too early.
        const decided = step.waitForEvent(`decision-${round}`, {
          event: "import/decided",
          if: `async.data.importId == "${importId}"`,
          timeout: `${REVIEW_DAYS}d`,
        });
        await step.run(`open-review-${round}`, () => openReview(ctx, importId));
        const decision = await decided;
        if (decision === null) return await endWith({ ended: expired() });
        if (decision.data.decision === "cancel") return await endWith({ ended: { kind: "cancelled" } });
      }
      let claim = await run(`claim-${round}-0`, () => claimCollection(ctx, importId, round < ROUNDS_MAX));
      for (let turn = 1; "outcome" in claim && claim.outcome === "busy"; turn++) {
        await step.sleep(`wait-for-writer-${round}-${turn}`, turn < 10 ? "1s" : "10s");
        claim = await run(`claim-${round}-${turn}`, () => claimCollection(ctx, importId, round < ROUNDS_MAX));
      }
      if ("ended" in claim) return await endWith(claim);
      if (claim.outcome === "claimed") break;
    }

    for (let chunk = 0; ;) {
      const applied = await run(`apply-${chunk}`, () => applyChunks(ctx, importId, chunk));
      if ("ended" in applied) return await endWith(applied);
      if (applied.done) break;
      chunk = applied.nextChunk;
    }
    await step.run("finish", () => finishImport(ctx, importId));
    await step.run("remove-source", () => removeSource(ctx, importId));
  },
);

function endOf(error: unknown): Ended | undefined {
  if (error instanceof PermanentImportError) return { ended: { kind: "failed", failure: error.failure } };
  if (error instanceof ImportCancelledError) return { ended: { kind: "cancelled" } };
  return undefined;
}

function expired(): RollbackReason {
  return {
    kind: "cancelled",
    message: `Nobody decided within ${REVIEW_DAYS} days, so the import was cancelled.`,
  };
}

function internalFailure(): RollbackReason {
  return {
    kind: "failed",
    failure: {
      code: "internal",
      message:
        "The import failed for a reason of our own, also when it was tried again. Everything is as it was before.",
    },
  };
}
