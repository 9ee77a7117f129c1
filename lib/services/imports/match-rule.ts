import type { MatchRule } from "@/lib/core/matching/types";
import type { RunningImport } from "./running";

/** The rule by which rows and records are compared: the collection's own, else one over its key. */
export function matchRuleOf({ collection, target }: RunningImport): MatchRule {
  const own = collection?.matching as MatchRule | null | undefined;
  return (
    own ?? {
      fields: target.keyFields.map((field) => ({
        field,
        comparator: { kind: "exact" },
        weight: 100,
        confidenceWeight: 100,
        required: false,
      })),
      threshold: 800,
      suggest: { skipFrom: 900, askFrom: 700 },
    }
  );
}
