import { ruleOf } from "@/lib/core/matching/rules";
import type { MatchRule } from "@/lib/core/matching/types";
import type { RunningImport } from "./running";

/** The rule by which rows and records are compared: the collection's own, else its template's or one over its key. */
export function matchRuleOf({ collection, target }: RunningImport): MatchRule {
  return ruleOf({
    template: collection?.template,
    fields: target.fields,
    keyFields: target.keyFields,
    matching: collection?.matching ?? null,
  });
}
