import { foldText } from "@/lib/core/fields/fold";
import { corrected, failure, quoted, type CellOutcome } from "@/lib/core/fields/outcome";

/** Most allowed values an error message lists. */
const LISTED_MAX = 12;

/** Reads the cell of an enum field: exactly, else without regard to case, accents, spaces. `text` is trimmed. */
export function parseChoice(text: string, values: readonly string[]): CellOutcome {
  if (values.includes(text)) return { value: text };
  const key = foldText(text);
  const value = key === "" ? undefined : values.find((allowed) => foldText(allowed) === key);
  if (value !== undefined && value !== "")
    return corrected(value, "letter-case", `${quoted(text)} read as ${quoted(value)}.`);
  const listed = values.slice(0, LISTED_MAX).map(quoted).join(", ");
  const more = values.length > LISTED_MAX ? ` and ${values.length - LISTED_MAX} more` : "";
  return failure("not-allowed", `${quoted(text)} is not one of ${listed}${more}.`);
}
