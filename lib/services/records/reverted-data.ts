import type { LeftOut } from "@/lib/contracts/record-history";
import { explainCell, valueToText } from "@/lib/core/fields/coerce";
import type { Field, RecordData } from "@/lib/core/fields/types";

/**
 * A record's data set back to `earlier`, as far as the present fields allow: a value whose field is gone or whose
 * field's rules have changed since is left out and named, and what is there now stays. So does the present value of a
 * required field that had none then.
 */
export function revertedData(
  fields: readonly Field[],
  earlier: RecordData,
  present: RecordData,
): { data: RecordData; leftOut: LeftOut[] } {
  const names = new Set(fields.map((field) => field.name));
  // What stands in fields that the collection has no more is nobody's to change.
  const data = new Map(Object.entries(present).filter(([name]) => !names.has(name)));
  const leftOut: LeftOut[] = [];
  for (const field of fields) {
    const { name } = field;
    const then = Object.hasOwn(earlier, name) ? earlier[name] : undefined;
    const now = Object.hasOwn(present, name) ? present[name] : undefined;
    const error = then === undefined ? undefined : explainCell(valueToText(then), field, {}).error;
    if (error) leftOut.push({ field: name, reason: "does-not-fit", message: error.message });
    const kept = error || (then === undefined && field.required) ? now : then;
    if (kept !== undefined) data.set(name, kept);
  }
  for (const name of Object.keys(earlier)) {
    if (names.has(name)) continue;
    leftOut.push({ field: name, reason: "no-such-field", message: `There is no field named "${name}" now.` });
  }
  return { data: Object.fromEntries(data), leftOut };
}
