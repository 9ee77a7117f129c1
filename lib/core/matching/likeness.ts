import type { FieldValue } from "@/lib/core/fields/types";
import { dayOf, decimalOf, distanceClass, textOf } from "./comparable";
import { editDistance } from "./edit-distance";
import { foldForMatch } from "./fold";
import type { Comparator } from "./types";

/** Full marks. */
export const ALIKE = 1000;
/** What is near, but not the same. */
const NEAR = 500;
/** PostgreSQL's levenshtein() takes no longer texts. */
const COMPARED_CHARACTERS_MAX = 255;

type Value = FieldValue | undefined;

/**
 * How alike two values of a field are, 0 … 1000. Two empty values are equal, an empty and a filled one not alike at all.
 * For `days` and `number` a value that is neither date nor number counts as empty. db/bulk/match-score.ts does the same.
 */
export function likeness(comparator: Comparator, a: Value, b: Value): number {
  switch (comparator.kind) {
    case "exact":
      return a === b ? ALIKE : 0;
    case "folded":
      return folded(a) === folded(b) ? ALIKE : 0;
    case "days":
      return days(dayOf(a), dayOf(b), comparator.tolerance);
    case "number":
      return numbers(a, b, comparator.tolerance);
    case "text":
      return text(folded(a), folded(b));
  }
}

function folded(value: Value): string | undefined {
  return value === undefined ? undefined : foldForMatch(textOf(value));
}

function days(a: number | undefined, b: number | undefined, tolerance: number): number {
  if (a === undefined || b === undefined) return a === b ? ALIKE : 0;
  if (a === b) return ALIKE;
  return Math.abs(a - b) <= tolerance ? NEAR : 0;
}

function numbers(left: Value, right: Value, tolerance: number): number {
  const [a, b] = [decimalOf(left), decimalOf(right)];
  if (a === undefined || b === undefined) return a === b ? ALIKE : 0;
  return [ALIKE, NEAR, 0][distanceClass(a, b, decimalOf(tolerance) ?? { units: 0n, scale: 0 })]!;
}

function text(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return left === right ? ALIKE : 0;
  if (left === right) return ALIKE;
  const [a, b] = [points(left), points(right)];
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return ALIKE;
  return Math.floor(((longer - editDistance(a, b)) * ALIKE) / longer);
}

function points(value: string): number[] {
  return Array.from(value, (letter) => letter.codePointAt(0)!).slice(0, COMPARED_CHARACTERS_MAX);
}
