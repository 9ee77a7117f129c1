import type { ConflictData, ConflictView, FieldChoice, Resolution } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";

type Value = ConflictData[string];
type Decision = NonNullable<ConflictView["resolution"]>;

/** What a decision makes of one field: the value, and which side it comes from. Undefined: the field becomes empty. */
export interface Outcome {
  value: Value | undefined;
  from: "existing" | "incoming" | "typed";
}

/**
 * The value that a field of the record will have. Keep both leaves the record as it is; its row becomes another one.
 * `rule` is what holds for conflicts without a decision of their own.
 */
export function outcomeOf(conflict: ConflictView, name: string, rule: Resolution | null): Outcome | null {
  const decision = conflict.resolution ?? (rule ? { resolution: rule, fields: null } : null);
  if (!decision) return null;
  if (decision.resolution === "overwrite") return { value: conflict.incoming[name], from: "incoming" };
  if (decision.resolution === "merge") return mergeOutcome(conflict, name, decision);
  return { value: conflict.existing.data[name], from: "existing" };
}

/** What merging makes of a field: what was chosen for it, or what needs no decision. */
export function mergeOutcome(conflict: ConflictView, name: string, decision: Decision | null): Outcome {
  const mine = conflict.existing.data[name];
  const theirs = conflict.incoming[name];
  const chosen = decision?.resolution === "merge" ? decision.fields : null;
  const value = chosen && name in chosen ? (chosen[name] ?? undefined) : standardMerge(conflict, name);
  if (value === mine) return { value, from: "existing" };
  return { value, from: value === theirs ? "incoming" : "typed" };
}

/** Without a word about a field, merging takes what only the file changed, keeps mine, and fills gaps. */
function standardMerge(conflict: ConflictView, name: string): Value | undefined {
  const merged = conflict.merged[name];
  return merged === undefined && conflict.clashingFields.includes(name) ? conflict.incoming[name] : merged;
}

/** A field as the merge form holds it: a side, or typed text. */
export interface MergeEntry {
  from: Outcome["from"];
  text: string;
}

/** The form's answer as the API takes it. Typed text is read by the server as a cell of a file is. */
export function fieldChoices(
  fields: readonly Field[],
  entries: Readonly<Record<string, MergeEntry>>,
  read: (field: Field, text: string) => Value | null,
): Record<string, FieldChoice> {
  const choices: Record<string, FieldChoice> = {};
  for (const field of fields) {
    const entry = entries[field.name];
    if (!entry) continue;
    choices[field.name] = entry.from === "typed" ? { value: read(field, entry.text) } : entry.from;
  }
  return choices;
}

/** What a choice stores, as far as the browser can tell before the server has read typed text. */
export function chosenValues(
  conflict: ConflictView,
  choices: Readonly<Record<string, FieldChoice>>,
): Record<string, Value | null> {
  return Object.fromEntries(
    Object.entries(choices).map(([name, choice]) => {
      if (choice === "existing") return [name, conflict.existing.data[name] ?? null];
      if (choice === "incoming") return [name, conflict.incoming[name] ?? null];
      return [name, choice.value];
    }),
  );
}
