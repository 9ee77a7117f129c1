import type { InputData } from "@/lib/contracts/records";
import type { Field, FieldValue } from "@/lib/core/fields/types";

/** A stored value as an input holds it. */
export function inputText(value: FieldValue | undefined): string {
  return value === undefined ? "" : String(value);
}

/** What an input holds as the API takes it: text is read by the server by the same rules as a file's cells. */
export function inputValue(field: Field, text: string): InputData[string] {
  const trimmed = field.type === "text" ? text : text.trim();
  if (trimmed.trim() === "") return null;
  if (field.type === "boolean") return trimmed === "true";
  return trimmed;
}
