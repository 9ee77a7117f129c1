import type { SqlTransaction } from "@/db/client";
import type { BackupFailure, BackupRow, FinishedBackup } from "@/db/queries/backups";
import { formatBytes } from "@/lib/core/words/bytes";
import type { SystemContext } from "@/lib/services/context";
import { tellNews, type Told } from "@/lib/services/notifications/tell";

/**
 * Tells that a backup was made, in the transaction that completes it: to those who want to know. One that was asked for by
 * hand is not mailed; a safety backup is a part of its restore.
 */
export async function tellMade(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: BackupRow,
  { counts, sizeBytes }: FinishedBackup,
): Promise<Told | undefined> {
  if (row.reason === "safety") return undefined;
  const records = `${new Intl.NumberFormat("en").format(counts.records)} ${counts.records === 1 ? "record" : "records"}`;
  const title = row.reason === "schedule" ? "A scheduled backup was made" : "Your backup was made";
  const message = `It holds ${records} in ${formatBytes(sizeBytes)}.`;
  const news = { kind: "backup-made" as const, title, message, ...subjectOf(row) };
  return tellNews(ctx, tx, news, row.reason === "schedule" ? undefined : "in-app");
}

/** Tells that a backup which somebody asked for by hand failed. Of scheduled ones `tellTrouble` does, once while it lasts. */
export async function tellNotMade(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: BackupRow,
  { message }: BackupFailure,
): Promise<Told | undefined> {
  if (row.reason !== "manual") return undefined;
  const news = { kind: "backup-failed" as const, title: "Your backup failed", message, ...subjectOf(row) };
  return tellNews(ctx, tx, news, "in-app");
}

function subjectOf({ id, owner_id: ownerId }: BackupRow) {
  return { ownerId, subjectId: id, fact: `backup/${id}` };
}
