import { findCollection } from "@/db/queries/collections";
import type { FieldInput } from "@/lib/contracts/collections";
import type { Field } from "@/lib/core/fields/types";
import { ValidationError, type ErrorDetail } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/** A complete field from what was asked for; its label is made from its name: "entryDate" → "Entry Date". */
export function completeField(input: FieldInput): Field {
  return { ...input, label: input.label ?? labelOf(input.name), required: input.required ?? false };
}

/**
 * The rules between the parts of fields, which a shape cannot state.
 * @throws ValidationError with one entry for each wrong place
 */
export async function checkFields(ctx: ServiceContext, fields: Field[], keyFields: string[]): Promise<void> {
  const errors = fields.flatMap((field, index) => fieldErrors(fields, field, index));
  for (const name of keyFields) {
    if (!fields.some((field) => field.name === name)) {
      errors.push({ path: "keyFields", message: `There is no field named "${name}".` });
    }
  }
  for (const [index, { references }] of fields.entries()) {
    if (references !== undefined && !(await findCollection(ctx.db.orm, ctx.ownerId, references))) {
      errors.push({ path: `fields.${index}.references`, message: "There is no such collection." });
    }
  }
  if (errors.length > 0) throw new ValidationError("The fields do not fit together.", errors);
}

function fieldErrors(fields: Field[], field: Field, index: number): ErrorDetail[] {
  const { name, type, values, references } = field;
  const errors: ErrorDetail[] = [];
  const wrong = (part: string, message: string) => errors.push({ path: `fields.${index}.${part}`, message });
  if (fields.findIndex((other) => other.name === name) < index) {
    wrong("name", `There are two fields named "${name}".`);
  }
  if (type === "enum" && !values?.length) wrong("values", "An enum field needs its allowed values.");
  if (type !== "enum" && values !== undefined) wrong("values", "Only an enum field has allowed values.");
  if (values && new Set(values).size < values.length) wrong("values", "A value is given twice.");
  if (references !== undefined && type !== "reference") {
    wrong("references", "Only a reference field points to a collection.");
  }
  return errors;
}

function labelOf(name: string): string {
  const words = name
    .replace(/_+/g, " ")
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .trim();
  return words ? words[0]!.toUpperCase() + words.slice(1) : name;
}
