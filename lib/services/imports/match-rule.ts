import { ruleOf } from "@/lib/core/matching/rules";
import type { MatchRule } from "@/lib/core/matching/types";
import type { RunningImport } from "./running";

/** The rule by which rows and records are compared: the collection's own, else the default for its template. */
export function matchRuleOf({ collection, target, row }: RunningImport): MatchRule {
  return ruleOf({
    matching: (collection?.matching as MatchRule | null | undefined) ?? null,
    template: collection?.template ?? row.newCollection?.template,
    fields: target.fields,
    keyFields: target.keyFields,
  });
}
