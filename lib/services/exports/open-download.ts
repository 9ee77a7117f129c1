import { findExport, type ExportRow } from "@/db/queries/exports";
import { AppError, ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext, SystemContext } from "@/lib/services/context";

/** A finished file whose bytes can be read from anywhere. */
export interface Download {
  fileName: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  finishedAt: Date;
  read(range: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

/**
 * The file of an export of this user.
 * @throws ConflictError while there is no file, and 410 when it has expired
 */
export async function openDownload(ctx: ServiceContext, exportId: string): Promise<Download> {
  return fileOf(ctx, await findExport(ctx.db.sql, exportId, ctx.ownerId));
}

/** The same for whoever holds a signed link (download-link.ts): nothing else gives the right to call it. */
export async function openLinkedDownload(ctx: SystemContext, exportId: string): Promise<Download> {
  return fileOf(ctx, await findExport(ctx.db.sql, exportId));
}

function fileOf(ctx: SystemContext, row: ExportRow | undefined): Download {
  if (!row) throw new NotFoundError("export");
  const { key, ...file } = requireFile(ctx, row);
  return {
    fileName: row.file_name,
    contentType: row.content_type,
    ...file,
    read: (range) => ctx.storage.read(key, range),
  };
}

/**
 * What is known of an export's file, where it is stored included.
 * @throws ConflictError while there is none, and AppError 410 when it has expired
 */
export function requireFile(ctx: SystemContext, row: ExportRow) {
  if (row.expires_at < ctx.now()) {
    throw new AppError(
      410,
      "export-expired",
      "This export has expired: its file is removed. Make a new one.",
    );
  }
  const { storage_key: key, size_bytes: sizeBytes, sha256, finished_at: finishedAt } = row;
  if (
    row.state !== "completed" ||
    key === null ||
    sizeBytes === null ||
    sha256 === null ||
    finishedAt === null
  ) {
    throw row.state === "pending" || row.state === "processing"
      ? new ConflictError("export-not-ready", "The export is still being made.")
      : new ConflictError("export-without-file", "This export ended without a file.");
  }
  return { key, sizeBytes, sha256, finishedAt };
}
