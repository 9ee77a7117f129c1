import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { claimForRun, failRun, finishRun, workChunks } from "@/lib/services/imports/undo-work";

type Kind = "undo" | "redo";

const FAILED = {
  undo: "The undo could not be completed. What it has taken back stays so: start it again, or bring it back.",
  redo: "The import could not be brought back whole. What is back stays so: start it again, or undo the import.",
};

/**
 * Takes a finished import back, or brings an undone one in again, chunk by chunk, as the one writer of its collection.
 * A step that runs twice finds the chunks' marks.
 */
function inChunks(kind: Kind) {
  return inngest.createFunction(
    {
      id: `${kind}-import`,
      triggers: [{ event: `import/${kind}.requested` }],
      retries: 3,
      onFailure: async ({ event, step }) => {
        const { importId } = event.data.event.data as { importId: string };
        await step.run("give-up", () => failRun(systemContext(), importId, kind, FAILED[kind]));
      },
    },
    async ({ event, step }) => {
      const { importId } = event.data as { importId: string };
      const ctx = systemContext();
      for (let turn = 0; ; turn++) {
        const claim = await step.run(`claim-${turn}`, () => claimForRun(ctx, importId, kind));
        if (claim === "gone") {
          await step.run("give-up", () =>
            failRun(ctx, importId, kind, "The collection has been deleted meanwhile."),
          );
          return;
        }
        if (claim === "claimed") break;
        await step.sleep(`wait-for-writer-${turn}`, turn < 10 ? "1s" : "10s");
      }
      for (let round = 0; ; round++) {
        const { done } = await step.run(`${kind}-${round}`, () => workChunks(ctx, importId, kind));
        if (done) break;
      }
      await step.run("finish", () => finishRun(ctx, importId, kind));
    },
  );
}

export const undoImport = inChunks("undo");
export const redoImport = inChunks("redo");
