import type { InputData } from "@/lib/contracts/records";
import { explainCell, valueToText } from "@/lib/core/fields/coerce";
import type { Field, RecordData } from "@/lib/core/fields/types";
import { ValidationError, type ErrorDetail } from "@/lib/platform/errors";

/**
 * The canonical values of what was typed or sent, by the same rules as a file's cells. Empty ones are listed apart, for
 * a change to remove. Only the fields that `input` names are looked at.
 * @throws ValidationError with one entry `data.<field>` for each wrong value
 */
export function checkData(fields: Field[], input: InputData): { values: RecordData; emptied: string[] } {
  const values: [string, RecordData[string]][] = [];
  const emptied: string[] = [];
  const errors: ErrorDetail[] = [];
  for (const [name, given] of Object.entries(input)) {
    const field = fields.find((f) => f.name === name);
    const path = `data.${name}`;
    if (!field) {
      errors.push({ path, message: `There is no field named "${name}".` });
      continue;
    }
    const { value, error } = explainCell(given === null ? "" : valueToText(given), field, {});
    if (error) errors.push({ path, message: error.message });
    else if (value === undefined) emptied.push(name);
    else values.push([name, value]);
  }
  if (errors.length > 0) throw new ValidationError("Some values cannot be stored.", errors);
  return { values: Object.fromEntries(values), emptied };
}

/** `input` with every required field that it leaves out named as empty, so that `checkData` misses it. */
export function withRequired(fields: Field[], input: InputData): InputData {
  const missing = fields.filter((f) => f.required && !Object.hasOwn(input, f.name));
  return { ...Object.fromEntries(missing.map((f) => [f.name, null])), ...input };
}
