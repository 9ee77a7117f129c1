import type { UndoChoices } from "@/db/bulk/undo-run";
import { findImportCollection, type ImportRow } from "@/db/queries/imports";
import { findRecordCollections } from "@/db/queries/restore-undo";
import type { RestoreUndo } from "@/lib/contracts/restores";
import { ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { choicesOf, type PlacedResolution, refuseEmptied } from "@/lib/services/imports/undo-choices";

/**
 * What the person chose, for each of these imports of a restore.
 * @throws ValidationError when a choice is for another import, names a field that its collection does not have, or would
 * empty a required one
 */
export async function choicesByPart(
  ctx: ServiceContext,
  parts: readonly ImportRow[],
  { changedSince, specificResolutions = [] }: RestoreUndo,
): Promise<Map<string, UndoChoices>> {
  const given = await byPart(ctx, parts, specificResolutions);
  const choices = new Map<string, UndoChoices>();
  for (const part of parts) {
    const own = given.get(part.id) ?? [];
    const collection =
      own.length > 0 ? await findImportCollection(ctx.db, part.collectionId!, part.ownerId) : undefined;
    const chosen = collection ? choicesOf(changedSince, own, collection) : { changedSince, records: [] };
    if (collection) await refuseEmptied(ctx, part.id, chosen, collection, "restore");
    choices.set(part.id, chosen);
  }
  return choices;
}

async function byPart(
  ctx: ServiceContext,
  parts: readonly ImportRow[],
  given: NonNullable<RestoreUndo["specificResolutions"]>,
): Promise<Map<string, PlacedResolution[]>> {
  const collectionIds = parts.map((part) => part.collectionId!);
  const unnamed = given.filter(({ importId }) => importId === undefined).map(({ recordId }) => recordId);
  const places = await findRecordCollections(ctx.db.sql, collectionIds, unnamed);
  const found = new Map<string, PlacedResolution[]>(parts.map(({ id }) => [id, []]));
  given.forEach(({ importId, ...resolution }, position) => {
    if (importId !== undefined) {
      const own = found.get(importId);
      if (!own) throw notAPart(position);
      own.push({ ...resolution, position });
      return;
    }
    // A record that is gone meanwhile has nothing left to choose about.
    for (const collectionId of places.get(resolution.recordId.toLowerCase()) ?? []) {
      const part = parts.find((one) => one.collectionId === collectionId);
      if (part) found.get(part.id)?.push({ ...resolution, position });
    }
  });
  return found;
}

function notAPart(position: number): ValidationError {
  const message = "Name an import of this restore that has something to take back.";
  return new ValidationError(message, [{ path: `specificResolutions.${position}.importId`, message }]);
}
