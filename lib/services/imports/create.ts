import { findImport, findImportCollection, insertImport, type CollectionRow } from "@/db/queries/imports";
import { findUpload } from "@/db/queries/uploads";
import { sourceKeyOf } from "@/lib/core/changes/source-key";
import type { ImportView } from "@/lib/contracts/import-view";
import { ImportOptionsShape, type ImportOptions, type StartImport } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { detectUpload } from "./detect";
import { requestedEvent } from "./requested-event";
import { type NewCollection, proposedMapping, resolveTarget, type Target } from "./target";
import { importView } from "./view";

/**
 * Makes an import of an uploaded file: detects what was not told, proposes the mapping where none came along, and
 * starts it unless `autoStart` is false; then it is a draft whose mapping can be changed.
 */
export async function createImport(ctx: ServiceContext, input: StartImport): Promise<ImportView> {
  const upload = await findUpload(ctx.db, input.uploadId, ctx.ownerId);
  if (!upload) throw new NotFoundError("upload");
  if (upload.state !== "complete") {
    throw new ConflictError("upload-incomplete", "The upload is not complete. Complete it, then import it.");
  }
  const into = await targetCollection(ctx, input);
  const options = ImportOptionsShape.parse(input.options);
  refuseUnavailable(options);
  const detection = await detectUpload(ctx, upload.id, input.source ?? {});
  const mapping = input.mapping ?? proposedMapping(detection, into);
  const target = resolveTarget(detection, mapping, into);
  if (options.autoStart) refuseUnmapped(target, options);
  const id = newId();
  await insertImport(
    ctx.db,
    {
      id,
      ownerId: ctx.ownerId,
      uploadId: upload.id,
      fileName: upload.name,
      jobId: newId(),
      collectionId: input.collectionId ?? null,
      newCollection: newCollection(input),
      state: options.autoStart ? "pending" : "draft",
      detection,
      mapping,
      options,
      sourceKey: sourceKeyOf(options.sourceName ?? upload.name),
      idPrefix: newIdPrefix(),
    },
    `Import of ${upload.name}`,
  );
  if (options.autoStart) await requestRun(ctx, id, upload.sizeBytes);
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  return await importView(ctx, row);
}

/** Hands the import to its durable function. */
export async function requestRun(ctx: ServiceContext, importId: string, sizeBytes: number): Promise<void> {
  await ctx.sendEvents([requestedEvent(importId, sizeBytes)]);
}

/** A "table" template means no template: fields come from the file. */
export function newCollection(input: { newCollection?: NewCollection }): NewCollection | null {
  if (!input.newCollection) return null;
  const { name, template } = input.newCollection;
  return template && template !== "table" ? { name, template } : { name };
}

export async function targetCollection(
  ctx: ServiceContext,
  input: { collectionId?: string; newCollection?: NewCollection },
): Promise<CollectionRow | NewCollection> {
  if (input.collectionId === undefined) return newCollection(input) ?? { name: "Import" };
  const collection = await findImportCollection(ctx.db, input.collectionId, ctx.ownerId);
  if (!collection) throw new NotFoundError("collection");
  return collection;
}

export function refuseUnavailable(options: ImportOptions): void {
  if (options.validation.rules.length > 0) {
    throw new ValidationError("Custom validation rules are not available yet.", [
      { path: "options.validation.rules", message: "not available yet" },
    ]);
  }
}

/** What has to be settled before an import can start. */
export function refuseUnmapped(target: Target, options: ImportOptions): void {
  const problems = target.problems.map((p) => ({ path: `mapping.${p.column}`, message: p.message }));
  const fed = new Set(
    target.fields.filter((_, i) => (target.columnIndexes[i] ?? -1) >= 0).map((f) => f.name),
  );
  for (const field of target.fields) {
    if (field.required && !fed.has(field.name)) {
      problems.push({
        path: `mapping.${field.name}`,
        message: `“${field.label}” is required, and no column of the file feeds it.`,
      });
    }
  }
  for (const name of options.matching.criteria ?? []) {
    if (!target.fields.some((f) => f.name === name)) {
      problems.push({ path: "options.matching.criteria", message: `There is no field “${name}”.` });
    }
  }
  if (fed.size === 0) problems.push({ path: "mapping", message: "No column of the file is imported." });
  if (problems.length > 0) {
    throw new ValidationError(
      "The columns of the file do not fit the collection yet.",
      problems,
      "mapping-incomplete",
    );
  }
}
