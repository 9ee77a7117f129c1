import { previewRedo } from "@/db/bulk/redo-preview";
import { previewUndo } from "@/db/bulk/undo-preview";
import { NOTHING_DONE } from "@/db/bulk/undo-run";
import { findImportCollection, type ImportRow } from "@/db/queries/imports";
import { createJob } from "@/db/queries/jobs";
import { beginPartRuns, chunkStates, type PartRun } from "@/db/queries/restore-undo";
import { findParts, type RestoreRow } from "@/db/queries/restores";
import type { RestoreUndoState } from "@/db/schema";
import type {
  CategoriesRun,
  RestoreRedoPreview,
  RestoreUndo,
  RestoreUndoPreview,
} from "@/lib/contracts/restores";
import { env } from "@/lib/platform/env";
import { ConflictError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { recordIdsOf, rulesAsApplied } from "@/lib/services/imports/running";
import type { StagedSummary } from "@/lib/services/imports/stage-lines";
import type { UndoKind, UndoState } from "@/lib/services/imports/undo-state";
import { undoEvent } from "./events";
import { wasApplied } from "./states";
import { previewCategories } from "./move-categories";
import { choicesByPart } from "./undo-choices";
import { failRestoreRun } from "./undo-work";

/** Edited records that a preview lists by name; all are counted. */
const LISTED_MAX = 1000;

interface Open {
  /** The imports that have something to take back, or to bring back. */
  parts: ImportRow[];
  categories: CategoriesRun;
}

/**
 * What of the restore can be taken back, or brought back.
 * @throws ConflictError when there is nothing, another undo is at work, or the time is over
 */
async function openFor(ctx: ServiceContext, row: RestoreRow, kind: UndoKind): Promise<Open> {
  if (row.state === "undoing" || row.state === "redoing") {
    throw new ConflictError(`${kind}-in-progress`, "This restore is being undone or brought back just now.");
  }
  if (!wasApplied(row.state) && row.state !== "undone") {
    throw new ConflictError(
      "not-finished",
      "Only a finished restore can be undone; this one changed nothing.",
    );
  }
  if (!row.expiresAt || row.expiresAt <= ctx.now()) {
    throw new ConflictError(
      `${kind}-expired`,
      `What a restore did is kept for ${env().UNDO_DAYS} days. That time is over for this one.`,
    );
  }
  const chunks = await chunkStates(ctx.db.sql, row.id);
  const parts = (await findParts(ctx.db, row.id)).filter((part) => {
    const found = chunks.get(part.id);
    return found !== undefined && (kind === "undo" ? found.standing : found.undone) > 0;
  });
  const categories = await previewCategories(ctx, row, kind);
  const isTurnOf = kind === "undo" ? wasApplied(row.state) : row.state === "undone";
  if (parts.length > 0 || (isTurnOf && Object.values(categories).some((count) => count > 0))) {
    return { parts, categories };
  }
  throw kind === "undo"
    ? new ConflictError("already-undone", "There is nothing of this restore (any more) to take back.")
    : new ConflictError("not-undone", "This restore has not been undone, so there is nothing to bring back.");
}

function journalOf(part: ImportRow) {
  const { lastRow } = part.staged as StagedSummary;
  return { importId: part.id, collectionId: part.collectionId!, ids: recordIdsOf(part), lastRow };
}

/** What undoing a restore would do, over all its collections; read-only. */
export async function previewRestoreUndo(ctx: ServiceContext, row: RestoreRow): Promise<RestoreUndoPreview> {
  const { parts, categories } = await openFor(ctx, row, "undo");
  const total: RestoreUndoPreview = {
    toRemove: 0,
    toRestore: 0,
    toReinsert: 0,
    changedSinceCount: 0,
    changedSince: [],
    collections: [],
    collectionsToRemove: [],
    laterImports: [],
    categories,
  };
  const later = new Map<string, RestoreUndoPreview["laterImports"][number]>();
  for (const part of parts) {
    const limit = LISTED_MAX - total.changedSince.length;
    const rules = rulesAsApplied(part);
    const one = await previewUndo(ctx.db.sql, { ...journalOf(part), limit, isStaged: true, rules });
    total.toRemove += one.toRemove;
    total.toRestore += one.toRestore;
    total.toReinsert += one.toReinsert;
    total.changedSinceCount += one.changedSinceCount;
    if (one.changedSinceCount > 0) total.collections.push(await editedIn(ctx, part));
    for (const edited of one.changedSince) {
      total.changedSince.push({ ...edited, importId: part.id, collectionName: part.restored!.name });
    }
    for (const { finishedAt, ...rest } of one.laterImports) {
      const key = rest.restoreId ?? rest.id;
      const records = (later.get(key)?.records ?? 0) + rest.records;
      later.set(key, { ...rest, finishedAt: finishedAt.toISOString(), records });
    }
    if (part.created?.collection) {
      total.collectionsToRemove.push({ collectionId: part.collectionId!, name: part.restored!.name });
    }
  }
  return { ...total, laterImports: [...later.values()] };
}

/** What a page needs to show records of a part and to ask about them. */
async function editedIn(
  ctx: ServiceContext,
  part: ImportRow,
): Promise<RestoreUndoPreview["collections"][number]> {
  const collection = await findImportCollection(ctx.db, part.collectionId!, part.ownerId);
  return {
    importId: part.id,
    collectionId: part.collectionId!,
    name: collection?.name ?? part.restored!.name,
    fields: collection ? storedFields(collection) : [],
  };
}

/** What bringing an undone restore back would do; read-only. */
export async function previewRestoreRedo(ctx: ServiceContext, row: RestoreRow): Promise<RestoreRedoPreview> {
  const { parts, categories } = await openFor(ctx, row, "redo");
  const total = { toReinsert: 0, toRestore: 0, toRemove: 0, changedSinceCount: 0, categories };
  for (const part of parts) {
    const one = await previewRedo(ctx.db.sql, journalOf(part));
    total.toReinsert += one.toReinsert;
    total.toRestore += one.toRestore;
    total.toRemove += one.toRemove;
    total.changedSinceCount += one.changedSinceCount;
  }
  return total;
}

/**
 * Starts the undo of a restore, or brings an undone one back: one job over all its collections.
 * @throws ConflictError as `openFor`; ValidationError as `choicesByPart`
 */
export async function startRestoreRun(
  ctx: ServiceContext,
  row: RestoreRow,
  kind: UndoKind,
  input: RestoreUndo = { changedSince: "keep" },
): Promise<{ id: string; jobId: string }> {
  const { parts } = await openFor(ctx, row, kind);
  const choices = await choicesByPart(ctx, parts, input);
  const { changedSince } = input;
  const jobId = newId();
  const standing = row.state === "undone" ? row.undo!.standing : (row.state as RestoreUndoState["standing"]);
  const runs = parts.map((part): PartRun => {
    const runId = newId();
    const last = part.undo as UndoState | null;
    const undo: UndoState = {
      kind,
      jobId,
      runId,
      changedSince,
      standing: part.state === "undone" ? (last?.standing ?? "completed") : part.state,
      ...NOTHING_DONE,
    };
    return { importId: part.id, runId, undo, choices: choices.get(part.id)! };
  });
  await ctx.db.sql.begin(async (tx) => {
    const undo: RestoreUndoState = { kind, jobId, changedSince, standing };
    const taken = await tx`
      update restores set state = ${kind === "undo" ? "undoing" : "redoing"}, undo = ${tx.json({ ...undo })}
      where id = ${row.id} and state = ${row.state}`;
    if (taken.count === 0) {
      throw new ConflictError(
        `${kind}-in-progress`,
        "Somebody else has just begun to undo or redo this restore.",
      );
    }
    await beginPartRuns(tx, kind, runs);
    const title = `${kind === "undo" ? "Undo" : "Redo"} of the restore of ${row.fileName}`;
    const what = { kind: "undo", undoes: "restore", action: kind, subjectId: row.id } as const;
    await createJob(tx, { id: jobId, ownerId: ctx.ownerId, ...what, title });
  });
  try {
    await ctx.sendEvents([undoEvent(row.id, jobId, kind)]);
  } catch (error) {
    await failRestoreRun(ctx, row.id, kind, "It could not be handed to a worker. Start it again.");
    throw error;
  }
  return { id: row.id, jobId };
}
