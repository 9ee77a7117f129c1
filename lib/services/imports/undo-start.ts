import { insertUndoRun, NOTHING_DONE, type UndoChoices } from "@/db/bulk/undo-run";
import { createJob } from "@/db/queries/jobs";
import type { ImportRow } from "@/db/queries/imports";
import type { ImportState } from "@/db/schema";
import { ConflictError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { type UndoKind, type UndoState, WORKING } from "./undo-state";
import { failRun } from "./undo-work";

/** Begins an undo or redo as a job. */
export async function startRun(
  ctx: ServiceContext,
  row: ImportRow,
  kind: UndoKind,
  choices: UndoChoices,
): Promise<{ id: string; jobId: string }> {
  const jobId = newId();
  const last = row.undo as Partial<UndoState> | null;
  const state: UndoState = {
    kind,
    jobId,
    changedSince: choices.changedSince,
    standing: row.state === "undone" ? (last?.standing ?? standingState(row)) : row.state,
    ...NOTHING_DONE,
  };
  await ctx.db.sql.begin(async (tx) => {
    const taken = await tx`
      update imports set state = ${WORKING[kind]}, undo = ${tx.json({ ...state })}
      where id = ${row.id} and state = ${row.state}`;
    if (taken.count === 0) {
      throw new ConflictError(
        `${kind}-in-progress`,
        "Somebody else has just begun to undo or redo this import.",
      );
    }
    await insertUndoRun(tx, { id: jobId, importId: row.id, kind, choices });
    await createJob(tx, {
      id: jobId,
      ownerId: ctx.ownerId,
      kind: "undo",
      undoes: "import",
      action: kind,
      subjectId: row.id,
      title: kind === "undo" ? `Undo of ${row.fileName}` : `Redo of ${row.fileName}`,
    });
  });
  try {
    await ctx.sendEvents([
      { name: `import/${kind}.requested`, data: { importId: row.id, jobId }, id: `${kind}-${jobId}` },
    ]);
  } catch (error) {
    // The person is told that it failed, so it must not begin by itself once events can be sent again.
    await failRun(ctx, row.id, kind, "It could not be handed to a worker. Start it again.");
    throw error;
  }
  return { id: row.id, jobId };
}

/** Of an import that was undone before this was written down. */
function standingState(row: ImportRow): ImportState {
  const result = row.result as { summary: { failed: number } } | null;
  return (result?.summary.failed ?? 0) > 0 ? "completed_with_errors" : "completed";
}
