import { endExport, exportableCollections, insertExport } from "@/db/queries/exports";
import { advanceJob, createJob } from "@/db/queries/jobs";
import type { CreateExport, Export } from "@/lib/contracts/exports";
import { env } from "@/lib/platform/env";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { fileForm } from "@/lib/services/exports/file-form";
import { getExport } from "@/lib/services/exports/get-export";
import { checkFields } from "@/lib/services/exports/plan-export";

const DAY_MILLISECONDS = 24 * 3_600_000;

/** Asks for an export; a durable function makes it. `all` are the collections of this moment. */
export async function createExport(ctx: ServiceContext, input: CreateExport): Promise<Export> {
  refuseWhatIsToCome(input);
  const collections = await exportableCollections(ctx.db.sql, ctx.ownerId, input.collections);
  if (input.collections !== "all" && collections.length < new Set(input.collections).size) {
    throw new NotFoundError("collection");
  }
  if (input.format === "csv" && collections.length === 0) {
    throw new ValidationError("There is no collection to export yet.", undefined, "nothing-to-export");
  }
  checkFields(collections, input);
  const names = collections.map((c) => c.name);
  const now = ctx.now();
  const form = fileForm(input, names, now);
  const request: CreateExport = { ...input, collections: collections.map((c) => c.id) };
  const id = newId();
  const jobId = newId();
  await ctx.db.sql.begin(async (tx) => {
    const what = names.length === 1 ? names[0]! : `${names.length} collections`;
    const title = `Export of ${what} as ${input.format.toUpperCase()}`;
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

/** A wish that would be silently ignored is refused: an export that was to be anonymised must not hold names. */
function refuseWhatIsToCome({ categories, privacy }: CreateExport): void {
  const asked = [
    ...(categories && categories.length > 0 ? (["categories"] as const) : []),
    ...(privacy?.excludePersonalData ? (["privacy.excludePersonalData"] as const) : []),
    ...(privacy?.anonymize ? (["privacy.anonymize"] as const) : []),
  ];
  if (asked.length === 0) return;
  throw new ValidationError(
    `Exports do not know ${asked.join(", ")} yet.`,
    asked.map((path) => ({ path, message: "not available yet" })),
    "not-available-yet",
  );
}
