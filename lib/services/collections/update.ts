import type { z } from "zod";
import {
  hasEmptyField,
  hasOtherValue,
  lockCollection,
  updateCollection as updateRow,
  type CollectionRow,
} from "@/db/queries/collections";
import { rehashRecords } from "@/db/queries/records";
import type { OrmTransaction } from "@/db/client";
import type { Collection, FieldInput, UpdateCollection } from "@/lib/contracts/collections";
import type { Field } from "@/lib/core/fields/types";
import { ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { checkFields, completeField } from "./fields";
import { collectionView, storedFields } from "./view";

type Input = z.infer<typeof UpdateCollection>;
type FieldChange = NonNullable<Input["fields"]>[number];

/**
 * Renames a collection, adds and changes fields. What would leave records that break the rules is refused.
 * @throws NotFoundError, ValidationError
 * @throws ConflictError `collection-busy` while an import writes to it, or one of `field-…` naming what stands against it
 */
export async function updateCollection(ctx: ServiceContext, id: string, input: Input): Promise<Collection> {
  return ctx.db.orm.transaction(async (tx) => {
    const row = await lockCollection(tx, ctx.ownerId, id);
    if (!row) throw new NotFoundError("collection");
    const { name, keyFields = row.keyFields } = input;
    if (!input.fields && !input.keyFields) {
      return collectionView(await updateRow(tx, id, name === undefined ? {} : { name }));
    }
    if (row.writerId) {
      throw new ConflictError(
        "collection-busy",
        "An import is writing to this collection. Its fields can change afterwards.",
      );
    }
    const fields = changedFields(storedFields(row), input.fields ?? []);
    await checkFields(ctx, fields, keyFields);
    await checkAgainstRecords(tx, row, fields);
    const updated = await updateRow(tx, id, { ...(name !== undefined && { name }), fields, keyFields });
    if (keyFields.join("\0") !== row.keyFields.join("\0")) await rehashRecords(tx, id, keyFields);
    return collectionView(updated);
  });
}

function changedFields(present: Field[], changes: FieldChange[]): Field[] {
  const fields = present.map((field) => {
    const change = changes.find((c) => c.name === field.name);
    return change ? definedParts({ ...field, ...change }) : field;
  });
  for (const [index, change] of changes.entries()) {
    if (present.some((field) => field.name === change.name)) continue;
    const { type } = change;
    if (type === undefined) {
      const message = `There is no field "${change.name}" yet; a new one needs a type.`;
      throw new ValidationError("The fields do not fit together.", [
        { path: `fields.${index}.type`, message },
      ]);
    }
    const added: FieldInput = { ...change, type };
    fields.push(completeField(added));
  }
  return fields;
}

/** A change of type takes along what only the old type had. */
function definedParts(field: Field): Field {
  const { values, references, ...rest } = field;
  return {
    ...rest,
    ...(field.type === "enum" && values && { values }),
    ...(field.type === "reference" && references !== undefined && { references }),
  };
}

async function checkAgainstRecords(tx: OrmTransaction, row: CollectionRow, fields: Field[]): Promise<void> {
  if (row.recordCount === 0) return;
  for (const field of fields) {
    const before = storedFields(row).find((f) => f.name === field.name);
    const name = `"${field.label}"`;
    if (before && before.type !== field.type) {
      throw new ConflictError(
        "field-type-in-use",
        `The type of ${name} cannot change from ${before.type} to ${field.type} while the collection has records.`,
      );
    }
    if (field.required && !before?.required && (await hasEmptyField(tx, row.id, field.name))) {
      throw new ConflictError("field-empty", `${name} cannot be required: some records have no value there.`);
    }
    const dropped = before?.values?.some((value) => !field.values?.includes(value));
    if (dropped && (await hasOtherValue(tx, row.id, field.name, field.values ?? []))) {
      throw new ConflictError(
        "field-values-in-use",
        `Some records hold a value of ${name} that would not be allowed any more.`,
      );
    }
  }
}
