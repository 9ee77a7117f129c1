import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { claimForUndo, failUndo, finishUndo, undoChunks } from "@/lib/services/imports/undo";

/** Takes a finished import back, chunk by chunk, as the one writer of its collection. */
export const undoImport = inngest.createFunction(
  {
    id: "undo-import",
    triggers: [{ event: "import/undo.requested" }],
    retries: 3,
    onFailure: async ({ event, step }) => {
      const { importId } = event.data.event.data as { importId: string };
      await step.run("give-up", () =>
        failUndo(
          systemContext(),
          importId,
          "The undo could not be completed. What was taken back stays so; start it again.",
        ),
      );
    },
  },
  async ({ event, step }) => {
    const { importId } = event.data as { importId: string };
    const ctx = systemContext();
    for (let turn = 0; ; turn++) {
      const claim = await step.run(`claim-${turn}`, () => claimForUndo(ctx, importId));
      if (claim === "gone") {
        await step.run("give-up", () =>
          failUndo(ctx, importId, "The collection has been deleted meanwhile."),
        );
        return;
      }
      if (claim === "claimed") break;
      await step.sleep(`wait-for-writer-${turn}`, turn < 10 ? "1s" : "10s");
    }
    for (let round = 0; ; round++) {
      const { done } = await step.run(`undo-${round}`, () => undoChunks(ctx, importId));
      if (done) break;
    }
    await step.run("finish", () => finishUndo(ctx, importId));
  },
);
