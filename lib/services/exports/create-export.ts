import { endExport, exportableCollections, insertExport } from "@/db/queries/exports";
import { advanceJob, createJob } from "@/db/queries/jobs";
import type { CreateExport, Export } from "@/lib/contracts/exports";
import { env } from "@/lib/platform/env";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { checkRequest } from "@/lib/services/exports/check-request";
import type { ExportWish } from "@/lib/services/exports/piece";
import { fileForm } from "@/lib/services/exports/file-form";
import { getExport } from "@/lib/services/exports/get-export";

const DAY_MILLISECONDS = 24 * 3_600_000;

/** Asks for an export; a durable function makes it. `all` are the collections of this moment. */
export async function createExport(ctx: ServiceContext, input: CreateExport): Promise<Export> {
  const all = input.collections === "all";
  const collections = await exportableCollections(ctx.db.sql, ctx.ownerId, input.collections);
  if (input.collections !== "all" && collections.length < new Set(input.collections).size) {
    throw new NotFoundError("collection");
  }
  if (!all && collections.length === 0 && !input.categories?.length) {
    throw new ValidationError("Choose at least one collection or category.", [
      { path: "collections", message: "nothing chosen" },
    ]);
  }
  checkRequest(collections, input);
  const names = collections.map((c) => c.name);
  const now = ctx.now();
  const form = fileForm(input, names, now);
  const request: ExportWish = { ...input, collections: collections.map((c) => c.id), all };
  const id = newId();
  const jobId = newId();
  await ctx.db.sql.begin(async (tx) => {
    const title = `Export of ${whatIs(names, input.categories ?? [])} as ${input.format.toUpperCase()}`;
    await createJob(tx, { id: jobId, ownerId: ctx.ownerId, kind: "export", subjectId: id, title });
    await insertExport(tx, {
      id,
      owner_id: ctx.ownerId,
      job_id: jobId,
      request,
      file_name: form.fileName,
      content_type: form.contentType,
      expires_at: new Date(now.getTime() + env().EXPORT_DAYS * DAY_MILLISECONDS),
    });
  });
  await requestExport(ctx, id, jobId);
  return getExport(ctx, id);
}

async function requestExport(ctx: ServiceContext, exportId: string, jobId: string): Promise<void> {
  try {
    await ctx.sendEvents([{ name: "export/requested", data: { exportId }, id: `export-${exportId}` }]);
  } catch (error) {
    // Nobody will ever work on it: it must not look as if somebody did.
    await ctx.db.sql.begin(async (tx) => {
      await endExport(tx, exportId, "failed", {
        code: "not-started",
        message: "The export could not be started.",
      });
      await advanceJob(tx, jobId, { event: "failed", state: "failed" });
    });
    throw error;
  }
}

function whatIs(names: readonly string[], categories: readonly string[]): string {
  const [first] = names;
  if (first === undefined && categories.length > 0) return categories.join(", ");
  return names.length === 1 && first !== undefined ? first : `${names.length} collections`;
}
