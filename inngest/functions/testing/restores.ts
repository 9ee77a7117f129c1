import { CreateBackupBody } from "@/lib/contracts/backups";
import {
  PreviewRestoreBody,
  PreviewUploadedBody,
  RunPlanBody,
  type RestoreUndo,
  type RestoreView,
} from "@/lib/contracts/restores";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { ServiceContext } from "@/lib/services/context";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { previewBackup, previewUploaded } from "@/lib/services/restores/preview";
import { runRestore } from "@/lib/services/restores/run-restore";
import { startRestoreRun } from "@/lib/services/restores/undo";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

const SECONDS_MAX = 60;

/** Makes a backup by the real engine; answers its id. */
export async function backUp(
  ctx: ServiceContext,
  input: Parameters<typeof CreateBackupBody.parse>[0] = {},
): Promise<string> {
  const { id, jobId } = await createBackup(ctx, CreateBackupBody.parse(input));
  const job = await waitForJob(ctx, jobId, SECONDS_MAX);
  if (job.state !== "completed") throw new Error(`the backup ended ${job.state}`);
  return id;
}

/** Has a plan made, and waits for it. */
export async function plan(
  ctx: ServiceContext,
  backupId: string,
  input: Parameters<typeof PreviewRestoreBody.parse>[0] = {},
): Promise<RestoreView> {
  const { id, jobId } = await previewBackup(ctx, backupId, PreviewRestoreBody.parse(input));
  await waitForJob(ctx, jobId, SECONDS_MAX);
  return await getRestore(ctx, id);
}

/** Carries a plan out, and waits for its end (or until it waits again). */
export async function carryOut(
  ctx: ServiceContext,
  id: string,
  input: Parameters<typeof RunPlanBody.parse>[0] = {},
): Promise<RestoreView> {
  const row = await requireRestore(ctx, id);
  await runRestore(ctx, row, RunPlanBody.parse(input));
  await waitForJob(ctx, row.jobId, SECONDS_MAX);
  return await getRestore(ctx, id);
}

/** What an account holds: each collection's fields and records, without versions and times. */
export async function contentOf(ctx: ServiceContext): Promise<Record<string, unknown>> {
  const rows = await ctx.db.sql<{ id: string; name: string; fields: unknown; records: unknown }[]>`
    select c.id, c.name, c.fields, (select jsonb_object_agg(r.id, r.data) from records r where r.collection_id = c.id)
      as records from collections c where c.owner_id = ${ctx.ownerId} order by c.id`;
  return Object.fromEntries(rows.map(({ id, ...rest }) => [id, rest]));
}

/** Tables of staged rows that are there for imports of this owner; they go shortly after a restore has ended. */
export async function stagedTables(ctx: ServiceContext): Promise<number> {
  const [row] = await ctx.db.sql<{ count: number }[]>`
    select count(*)::int8 as count from imports i join pg_tables t
      on t.schemaname = 'staging' and t.tablename like '%' || replace(i.id::text, '-', '')
    where i.owner_id = ${ctx.ownerId}`;
  return row?.count ?? 0;
}

/** Takes a restore back, or brings it in again, and waits for the end. */
export async function run(
  ctx: ServiceContext,
  id: string,
  kind: "undo" | "redo",
  changedSince: "keep" | "revert" = "keep",
  specificResolutions: RestoreUndo["specificResolutions"] = [],
): Promise<RestoreView> {
  const body = { changedSince, specificResolutions };
  const { jobId } = await startRestoreRun(ctx, await requireRestore(ctx, id), kind, body);
  await waitForJob(ctx, jobId, SECONDS_MAX);
  return await getRestore(ctx, id);
}

/** Has a plan made from uploaded files, and waits for it. */
export async function planUploaded(
  ctx: ServiceContext,
  input: Parameters<typeof PreviewUploadedBody.parse>[0],
): Promise<RestoreView> {
  const { id, jobId } = await previewUploaded(ctx, PreviewUploadedBody.parse(input));
  await waitForJob(ctx, jobId, SECONDS_MAX);
  return await getRestore(ctx, id);
}
