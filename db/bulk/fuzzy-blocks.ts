import { ALIKE, NEAR, type ScoredField, type ScoringRule } from "./match-score";

/** What keeps two records from being compared: without it every row would meet every record. */
export interface BlockPlan {
  /** Fields that must be wholly alike. */
  equal: ScoredField[];
  /** Fields that may also be near: found in the same bucket or a neighbouring one. The first is used. */
  near: ScoredField[];
}

/**
 * Which fields a pair cannot do without: because they are required, or because the others together do not reach the
 * threshold. Text that may be merely similar tells no bucket, and is left out.
 */
export function planBlocks(rule: ScoringRule): BlockPlan {
  const whole = sumOf(rule.fields);
  const plan: BlockPlan = { equal: [], near: [] };
  for (const f of rule.fields) {
    const least = leastLikeness(rule, f, whole);
    const { comparator } = f;
    if (least <= 0) continue;
    const isCoarse = comparator.kind === "exact" || comparator.kind === "folded";
    const hasTolerance = "tolerance" in comparator && comparator.tolerance > 0;
    if (isCoarse || ("tolerance" in comparator && (!hasTolerance || least > NEAR))) plan.equal.push(f);
    else if (hasTolerance) plan.near.push(f);
    else if (least === ALIKE) plan.equal.push(f);
  }
  return plan;
}

/**
 * The likeness that a field needs at least, whatever the others say: 0 = it can be wholly different. More than ALIKE
 * when even that is not enough.
 */
export function leastLikeness(rule: ScoringRule, field: ScoredField, whole = sumOf(rule.fields)): number {
  const missing = rule.threshold * whole - (whole - field.weight) * ALIKE;
  const byWeight = field.weight === 0 ? 0 : Math.ceil(missing / field.weight);
  return Math.max(byWeight, field.required ? 1 : 0);
}

export function sumOf(fields: readonly ScoredField[]): number {
  return fields.reduce((sum, f) => sum + f.weight, 0);
}

/**
 * SQL text (bigint) of the bucket that a comparable lies in; values within the tolerance lie in the same or the next one.
 * Null for an empty value.
 * @param step moves to a neighbouring bucket, e.g. "- 1"
 */
export function bucketExpression({ comparator }: ScoredField, value: string, step = ""): string {
  if (comparator.kind === "days") return `(${value} / ${comparator.tolerance} ${step})::bigint`;
  if (comparator.kind === "number") {
    return `hash_numeric_extended(div(${value}, '${comparator.tolerance}'::numeric) ${step}, 0)`;
  }
  throw new Error(`no buckets for ${comparator.kind}`);
}
