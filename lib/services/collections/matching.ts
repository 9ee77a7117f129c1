import { type CollectionRow, findCollection, setMatching } from "@/db/queries/collections";
import { type MatchingView, type MatchRuleView, toRule, toRuleView } from "@/lib/contracts/matching";
import type { Field } from "@/lib/core/fields/types";
import { ruleOf } from "@/lib/core/matching/rules";
import type { MatchRule } from "@/lib/core/matching/types";
import { validateRule } from "@/lib/core/matching/validate";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { storedFields } from "./view";

/** @throws NotFoundError also for another user's collection */
export async function getMatching(ctx: ServiceContext, id: string): Promise<MatchingView> {
  return view(await findCollection(ctx.db.orm, ctx.ownerId, id));
}

/**
 * Gives a collection a matching rule of its own. Imports use it from their next matching on.
 * @throws NotFoundError; ValidationError with one entry for each wrong place
 */
export async function saveMatching(
  ctx: ServiceContext,
  id: string,
  rule: MatchRuleView,
): Promise<MatchingView> {
  const row = await findCollection(ctx.db.orm, ctx.ownerId, id);
  if (!row) throw new NotFoundError("collection");
  return view(await setMatching(ctx.db.orm, ctx.ownerId, id, checkedRule(rule, storedFields(row))));
}

/** Goes back to the rule of the collection's template, or the one made from its key. */
export async function resetMatching(ctx: ServiceContext, id: string): Promise<MatchingView> {
  return view(await setMatching(ctx.db.orm, ctx.ownerId, id, null));
}

/** @throws ValidationError with one entry for each wrong place */
export function checkedRule(rule: MatchRuleView, fields: readonly Field[]): MatchRule {
  const checked = toRule(rule);
  const problems = validateRule(checked, fields);
  if (problems.length > 0) throw new ValidationError("The matching rule does not fit.", problems);
  return checked;
}

function view(row: CollectionRow | undefined): MatchingView {
  if (!row) throw new NotFoundError("collection");
  const rule = ruleOf({ ...row, fields: storedFields(row) });
  return { rule: toRuleView(rule), isDefault: row.matching === null };
}
