import { countRestoredNotices, putNotices, takeNotices } from "@/db/bulk/restore-notices";
import { moveSettings, previewSettings } from "@/db/bulk/restore-settings";
import type { SqlTransaction } from "@/db/client";
import { forgetCategories } from "@/db/queries/restore-categories";
import type { RestoreRow } from "@/db/queries/restores";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import type { UndoKind } from "@/lib/services/imports/undo-state";

/** Preferences and notifications that were changed. */
export interface MovedCategories {
  preferences: number;
  notifications: number;
}

/**
 * Takes the chosen categories of a restore back, in the transaction in which it ends: they are in with all collections, or
 * not at all. What was there before is noted for its undo.
 */
export async function applyCategories(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: RestoreRow,
): Promise<MovedCategories> {
  const chosen = new Set(row.categories);
  const preferences = chosen.has("preferences") ? await moveSettings(tx, row, "apply") : 0;
  const notifications = chosen.has("notifications") ? await putNotices(tx, row, ctx.now()) : 0;
  await forgetCategories(tx, row.id, "staged");
  return { preferences, notifications };
}

/** Undoes or redoes that, in the transaction in which the undo or redo ends. */
export async function moveCategories(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: RestoreRow,
  kind: UndoKind,
): Promise<MovedCategories> {
  return {
    preferences: await moveSettings(tx, row, kind, row.undo!.changedSince),
    notifications: kind === "undo" ? await takeNotices(tx, row) : await putNotices(tx, row, ctx.now()),
  };
}

/** What that would do; read-only. Preferences that were changed since are kept, unless the person says otherwise. */
export async function previewCategories(
  ctx: ServiceContext,
  row: RestoreRow,
  kind: UndoKind,
): Promise<MovedCategories & { preferencesChangedSince: number }> {
  const { moving, kept } = await previewSettings(ctx.db.sql, row, kind);
  const state = kind === "undo" ? "standing" : "undone";
  const notifications = await countRestoredNotices(ctx.db.sql, row.id, state);
  return { preferences: moving, preferencesChangedSince: kept, notifications };
}
