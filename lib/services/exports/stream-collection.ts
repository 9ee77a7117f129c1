import { exportableCollections } from "@/db/queries/exports";
import { CreateExportBody, type DirectExport } from "@/lib/contracts/exports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { exportPieces } from "@/lib/services/exports/entries";
import { fileForm } from "@/lib/services/exports/file-form";
import { pack } from "@/lib/services/exports/pack";

/** A download holds a database connection: what takes longer than a moment is a job (S8.4). */
const RECORDS_MAX = 100_000;

/** One collection as a file that is made while it is sent. */
export async function streamCollection(
  ctx: ServiceContext,
  collectionId: string,
  { format, ...csv }: DirectExport,
): Promise<{ fileName: string; contentType: string; body: AsyncIterable<Uint8Array> }> {
  const request = CreateExportBody.parse({ format, collections: [collectionId], csv });
  const [collection] = await exportableCollections(ctx.db.sql, ctx.ownerId, [collectionId]);
  if (!collection) throw new NotFoundError("collection");
  const { fileName, contentType, container } = fileForm(request, [collection.name], ctx.now());
  if (collection.recordCount > RECORDS_MAX) {
    throw new ConflictError(
      "export-too-large-to-stream",
      `A collection of more than ${RECORDS_MAX} records is exported by a job: POST /api/v1/exports.`,
    );
  }
  return { fileName, contentType, body: pack(exportPieces(ctx, ctx.ownerId, request), container) };
}
