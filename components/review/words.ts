import type { ConflictKind, ConflictView } from "@/lib/contracts/review";

export const KINDS: Record<ConflictKind, { label: string; meaning: string }> = {
  "same-id": { label: "Same id", meaning: "The file names this very record." },
  "same-key": { label: "Same key", meaning: "The fields that tell records apart are equal." },
  fuzzy: { label: "Looks alike", meaning: "Similar by the collection’s matching rule." },
  "changed-since-export": {
    label: "Changed since the export",
    meaning: "You edited the record after this file was exported.",
  },
  "duplicate-in-file": {
    label: "Repeated in the file",
    meaning: "The file has several rows for this record.",
  },
};

export const SUGGESTIONS: Record<ConflictView["suggestedAction"], string> = {
  ask: "look at it",
  skip: "keep mine",
  overwrite: "take the file’s",
};

const COMPARATORS: Record<string, string> = {
  exact: "exactly equal",
  folded: "equal but for case and accents",
  days: "date, a few days apart count half",
  number: "number, within a tolerance counts half",
  text: "likeness of the text",
};

/** How two values were compared; a comparator that is not known keeps its own name. */
export function comparatorText(comparator: string): string {
  return COMPARATORS[comparator] ?? comparator;
}

/** 0.876 → "87 %": rounded down, so that "90 %" is never less than what a filter of 90 finds. */
export function percentText(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}
