import type { FieldType } from "@/lib/core/fields/types";
import type { Comparator } from "./types";

const KINDS: Record<FieldType, readonly Comparator["kind"][]> = {
  text: ["text", "folded", "exact"],
  url: ["folded", "text", "exact"],
  enum: ["folded", "exact"],
  media: ["folded", "exact"],
  reference: ["exact"],
  boolean: ["exact"],
  integer: ["number", "exact"],
  decimal: ["number", "exact"],
  date: ["days", "exact"],
  datetime: ["days", "exact"],
};

/** Whether values of that type can be compared so. */
export function fits({ kind }: Comparator, type: FieldType): boolean {
  return KINDS[type].includes(kind);
}

/** How values of that type are compared where nobody has said how. */
export function usualComparator(type: FieldType): Comparator {
  const [kind = "exact"] = KINDS[type];
  if (kind === "days") return { kind, tolerance: 1 };
  return kind === "number" ? { kind, tolerance: 0 } : { kind };
}
