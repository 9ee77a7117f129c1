import { findEmptied } from "@/db/bulk/undo-preview";
import type { UndoChoice, UndoChoices } from "@/db/bulk/undo-run";
import type { CollectionRow } from "@/db/queries/imports";
import type { UndoImport } from "@/lib/contracts/imports";
import { ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/** A choice for one record, and where it stands in the request. */
export type PlacedResolution = NonNullable<UndoImport["specificResolutions"]>[number] & { position: number };

/**
 * Only what differs from the rule is kept; of several choices for one record the last holds.
 * @throws ValidationError when one names a field that the collection does not have
 */
export function choicesOf(
  changedSince: UndoImport["changedSince"],
  given: readonly PlacedResolution[],
  into: Pick<CollectionRow, "fields">,
): UndoChoices {
  const names = new Set(into.fields.map((f) => f.name));
  const records = new Map<string, UndoChoice>();
  for (const { recordId, resolution, fields = {}, position } of given) {
    const others = Object.entries(fields).filter(([, choice]) => choice !== resolution);
    for (const [name] of others) {
      if (!names.has(name)) {
        throw new ValidationError(`There is no field “${name}”.`, [
          { path: `specificResolutions.${position}.fields.${name}`, message: "There is no such field." },
        ]);
      }
    }
    records.set(recordId.toLowerCase(), {
      recordId,
      resolution,
      fields: others.map(([name]) => name),
    });
  }
  return {
    changedSince,
    records: [...records.values()].filter((r) => r.resolution !== changedSince || r.fields.length > 0),
  };
}

/**
 * A single field that goes back to nothing must not be one that a record has to have.
 * @throws ValidationError `required-field`
 */
export async function refuseEmptied(
  ctx: ServiceContext,
  importId: string,
  { records }: UndoChoices,
  { fields }: Pick<CollectionRow, "fields">,
  undone: "import" | "restore" = "import",
): Promise<void> {
  const required = new Map(fields.filter((f) => f.required).map((f) => [f.name, f.label]));
  const reverted = records
    .filter(({ resolution }) => resolution === "keep")
    .flatMap(({ recordId, fields: names }) => names.map((field) => ({ recordId, field })))
    .filter(({ field }) => required.has(field));
  const emptied = await findEmptied(ctx.db.sql, importId, reverted);
  if (emptied.length === 0) return;
  throw new ValidationError(
    "A field that is required would be empty. Keep its value, or take the whole record back.",
    emptied.map(({ recordId, field }) => ({
      path: `specificResolutions.${recordId}.fields.${field}`,
      message: `“${required.get(field) ?? field}” is required, and had no value before the ${undone}.`,
    })),
    "required-field",
  );
}
