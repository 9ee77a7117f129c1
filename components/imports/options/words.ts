import type { ImportOptions } from "@/lib/contracts/imports";
import { sourceKeyOf } from "@/lib/core/changes/source-key";
import type { Field } from "@/lib/core/fields/types";

export type Strategy = ImportOptions["strategy"];
export type MatchingMode = ImportOptions["matching"]["mode"];
export type OnConflict = ImportOptions["onConflict"];

interface Choice<T> {
  value: T;
  label: string;
  description: string;
  /** In the summary of what is not as usual. */
  short: string;
}

export const STRATEGIES: readonly Choice<Strategy>[] = [
  {
    value: "merge",
    label: "Add new rows and update known ones",
    description: "Records that the file does not have stay as they are.",
    short: "Add and update",
  },
  {
    value: "replace",
    label: "Replace the collection by the file",
    description: "Adds and updates, and removes every record that the file does not have.",
    short: "Replace the collection",
  },
  {
    value: "skipExisting",
    label: "Add new rows only",
    description: "Rows that you have already are passed over.",
    short: "New rows only",
  },
  {
    value: "updateOnly",
    label: "Update known rows only",
    description: "Rows that you do not have are passed over.",
    short: "Known rows only",
  },
  {
    value: "insertOnly",
    label: "Add every row",
    description: "Also rows that you have already: they are stored a second time.",
    short: "Add every row",
  },
];

export const MATCHING_MODES: readonly Choice<MatchingMode>[] = [
  {
    value: "strict",
    label: "Exactly",
    description: "A row is a record you have when the chosen fields are equal.",
    short: "Exact matching",
  },
  {
    value: "fuzzy",
    label: "By likeness",
    description: "Fields are compared one by one and weighed: a date that is a day off may still match.",
    short: "Matching by likeness",
  },
  {
    value: "off",
    label: "Not at all",
    description: "No row is compared with what you have. Every row is new.",
    short: "No matching",
  },
];

export const CONFLICT_RULES: readonly Choice<OnConflict>[] = [
  {
    value: "ask",
    label: "Ask me",
    description: "You see them side by side before anything is written.",
    short: "Ask",
  },
  {
    value: "overwrite",
    label: "Take the file’s values",
    description: "The records become what the file says.",
    short: "Clashes: take the file’s values",
  },
  {
    value: "merge",
    label: "Merge",
    description: "Your values stay; gaps are filled, and what only the file changed is taken.",
    short: "Clashes: merge",
  },
  {
    value: "skip",
    label: "Keep mine",
    description: "These rows of the file are passed over.",
    short: "Clashes: keep mine",
  },
  {
    value: "keepBoth",
    label: "Keep both",
    description: "These rows are stored as further records.",
    short: "Clashes: keep both",
  },
];

/** Whether the strategy updates field by field, so that clashes can arise at all. */
export function canClash({ strategy, matching }: ImportOptions): boolean {
  return (strategy === "merge" || strategy === "updateOnly") && matching.mode !== "off";
}

/** What the import does, in one sentence, for somebody who does not open the options. */
export function inOneSentence(options: ImportOptions, intoExisting: boolean): string {
  if (!intoExisting) return "Every row becomes a record of the new collection.";
  const { label } = choiceOf(STRATEGIES, options.strategy);
  if (!canClash(options)) return `${label}.`;
  if (options.onConflict === "ask") return `${label}. Where both clash, you are asked.`;
  return `${label}. Where both clash: ${choiceOf(CONFLICT_RULES, options.onConflict).label.toLowerCase()}.`;
}

interface Draft {
  options: ImportOptions;
  fields: readonly Field[];
  fileName: string;
  collectionId: string | null;
}

/** What differs from the usual, in a few words each; empty when nothing does. */
export function unusual({ options, fields, fileName, collectionId }: Draft): string[] {
  const { strategy, matching, onConflict, threeWay, sourceName, validation } = options;
  const intoExisting = collectionId !== null;
  const labels = new Map(fields.map((field) => [field.name, field.label]));
  const said: string[] = [];
  if (intoExisting && strategy !== "merge") said.push(choiceOf(STRATEGIES, strategy).short);
  if (intoExisting && matching.mode !== "strict") said.push(choiceOf(MATCHING_MODES, matching.mode).short);
  if (matching.criteria)
    said.push(`Known by ${matching.criteria.map((name) => labels.get(name) ?? name).join(", ")}`);
  if (intoExisting && canClash(options)) {
    if (onConflict !== "ask") said.push(choiceOf(CONFLICT_RULES, onConflict).short);
    if (!threeWay) said.push("Every difference is a clash");
  }
  if (sourceName !== undefined && sourceKeyOf(sourceName) !== sourceKeyOf(fileName))
    said.push(`Source “${sourceName}”`);
  if (validation.strict) said.push("All or nothing");
  return said;
}

function choiceOf<T>(choices: readonly Choice<T>[], value: T): Choice<T> {
  const found = choices.find((choice) => choice.value === value);
  if (!found) throw new Error(`No words for ${String(value)}`);
  return found;
}
