import { patchImport, findImport } from "@/db/queries/imports";
import {
  type ChangeMapping,
  ImportOptionsShape,
  type ImportOptions,
  type MappingEntry,
} from "@/lib/contracts/imports";
import { sourceKeyOf } from "@/lib/core/changes/source-key";
import type { ImportView } from "@/lib/contracts/import-view";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { newCollection, refuseUnavailable, targetCollection } from "./create";
import { detectUpload, type StoredDetection } from "./detect";
import { refusePart } from "./part-of-restore";
import { proposedMapping } from "./target";
import { importView } from "./view";

/**
 * Changes a draft: how its file is read (detected anew), where it goes, what its columns become, its options. Where the
 * file or its destination changes and no mapping comes along, the mapping is proposed anew.
 */
export async function changeMapping(
  ctx: ServiceContext,
  id: string,
  input: ChangeMapping,
): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  refusePart(row);
  const options = ImportOptionsShape.parse({ ...(row.options as ImportOptions), ...input.options });
  refuseUnavailable(options);
  const moves = input.collectionId !== undefined || input.newCollection !== undefined;
  const destination = moves
    ? { collectionId: input.collectionId, newCollection: input.newCollection }
    : { collectionId: row.collectionId ?? undefined, newCollection: row.newCollection ?? undefined };
  const into = await targetCollection(ctx, destination);
  const detection = input.source
    ? await detectUpload(ctx, row.uploadId, input.source)
    : (row.detection as StoredDetection);
  const mapping =
    input.mapping ??
    (input.source || moves ? proposedMapping(detection, into) : (row.mapping as MappingEntry[]));
  const changed = await patchImport(
    ctx.db,
    id,
    {
      detection,
      mapping,
      options,
      sourceKey: sourceKeyOf(options.sourceName ?? row.fileName),
      collectionId: destination.collectionId ?? null,
      newCollection: newCollection(destination),
    },
    ["draft"],
  );
  if (!changed)
    throw new ConflictError("import-started", "The import has started; its mapping can no longer change.");
  return await importView(ctx, changed);
}
