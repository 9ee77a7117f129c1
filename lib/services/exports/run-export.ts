import { createHash } from "node:crypto";
import { beginExport, completeExport, endExport, findExport, type ExportRow } from "@/db/queries/exports";
import { advanceJob } from "@/db/queries/jobs";
import { shortStatement, type PrivacyStatement } from "@/lib/core/privacy/handling";
import { formatBytes } from "@/lib/core/words/bytes";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { exportPieces } from "@/lib/services/exports/entries";
import type { ExportPiece, ExportWish } from "@/lib/services/exports/piece";
import { containerOf } from "@/lib/services/exports/file-form";
import { pack } from "@/lib/services/exports/pack";
import { tellFailed, tellFinished } from "@/lib/services/exports/tell-ended";
import { JobProgress, WorkCancelled, WorkOver } from "@/lib/services/jobs/job-progress";
import { requestMail } from "@/lib/services/notifications/tell";

/** Where the objects of an export are: each run writes one of its own, so that none takes away what another finished. */
export function exportPrefix(exportId: string): string {
  return `exports/${exportId}/`;
}

/**
 * Makes the file of an export, at flat memory and from one snapshot, and stores it. May run twice. A cause that no
 * retry mends ends the export as failed; any other is thrown.
 * @param attempt 0 for the first
 */
export async function runExport(ctx: SystemContext, exportId: string, attempt = 0): Promise<void> {
  const row = await findExport(ctx.db.sql, exportId);
  if (!row || !(await beginExport(ctx.db.sql, exportId))) return;
  const request = row.request as ExportWish;
  const progress = new ExportProgress(ctx, row.job_id);
  try {
    if (attempt > 0) await progress.tell({ event: "retrying", state: "retrying", attempt: attempt + 1 });
    await progress.tell({ phase: { name: "collecting", total: null }, range: [0, 2] });
    const files = request.collections.length;
    const file = await store(
      ctx,
      row,
      pack(progress.watch(exportPieces(ctx, row.owner_id, request)), containerOf(request, files)),
      progress,
    );
    await complete(ctx, row, file, progress);
  } catch (error) {
    if (error instanceof WorkOver) return;
    if (error instanceof WorkCancelled) return end(ctx, row, "cancelled", null);
    if (!(error instanceof AppError)) throw error;
    await end(ctx, row, "failed", { code: error.code, message: error.message });
  }
}

/** Ends an export that could not be made, also when it was tried again. */
export async function failExport(ctx: SystemContext, exportId: string): Promise<void> {
  const row = await findExport(ctx.db.sql, exportId);
  const message =
    "The export failed for a reason of our own, also when it was tried again. Nothing was changed.";
  if (row) await end(ctx, row, "failed", { code: "internal", message });
}

async function store(
  ctx: SystemContext,
  row: ExportRow,
  body: AsyncIterable<Uint8Array>,
  progress: ExportProgress,
) {
  const hash = createHash("sha256");
  const storageKey = `${exportPrefix(row.id)}${newId()}`;
  const { sizeBytes } = await ctx.storage.put(
    storageKey,
    (async function* () {
      for await (const bytes of body) {
        hash.update(bytes);
        yield bytes;
      }
      await progress.tell({ phase: { name: "writing", total: null }, range: [98, 100] });
    })(),
  );
  return { storageKey, sizeBytes, sha256: hash.digest("hex") };
}

async function complete(
  ctx: SystemContext,
  row: ExportRow,
  file: { storageKey: string; sizeBytes: number; sha256: string },
  { records, privacy }: ExportProgress,
): Promise<void> {
  const stated = privacy ? shortStatement(privacy) : null;
  const told = await ctx.db.sql.begin(async (tx) => {
    if (!(await completeExport(tx, row.id, { ...file, privacy: stated }))) return undefined;
    await advanceJob(tx, row.job_id, {
      event: "completed",
      state: "completed",
      processed: records,
      succeeded: records,
      notice: readyNotice(row, file.sizeBytes),
    });
    return tellFinished(ctx, tx, row, readyNotice(row, file.sizeBytes));
  });
  if (told) await requestMail(ctx, told);
  else await ctx.storage.delete(file.storageKey);
}

/** What the person reads where they are told of jobs. */
function readyNotice({ file_name: name, expires_at: until }: ExportRow, sizeBytes: number): string {
  return `${name} (${formatBytes(sizeBytes)}) is ready to download until ${until.toISOString().slice(0, 10)}.`;
}

async function end(
  ctx: SystemContext,
  row: ExportRow,
  state: "failed" | "cancelled",
  failure: { code: string; message: string } | null,
): Promise<void> {
  const told = await ctx.db.sql.begin(async (tx) => {
    if (!(await endExport(tx, row.id, state, failure))) return undefined;
    await advanceJob(tx, row.job_id, { event: state, state, recentErrors: failure ? [failure] : undefined });
    return failure ? tellFailed(ctx, tx, row, failure.message) : undefined;
  });
  await requestMail(ctx, told);
}

/** Tells of an export's progress as its pieces pass by, and notes what they say of the whole. */
class ExportProgress extends JobProgress {
  records = 0;
  privacy: PrivacyStatement | undefined;

  async *watch(pieces: AsyncIterable<ExportPiece>): AsyncIterable<ExportPiece> {
    let total: number | null = null;
    let formatting = false;
    for await (const piece of pieces) {
      if (piece.kind === "counted") {
        total = piece.total;
        this.privacy = piece.privacy;
        await this.tell({ phase: { name: "processing", total }, range: [2, 4] });
      } else if (piece.kind === "bytes") {
        this.records += piece.records;
        const phase = { name: "formatting", total };
        const change = { phase, processed: this.records, range: [4, 98] as [number, number] };
        await (formatting ? this.tellNowAndThen(change) : this.tell(change));
        formatting = true;
      }
      yield piece;
    }
  }
}
