import { literal } from "./key-hash";

/** What decides the fate of a staged row, besides the row itself. */
export interface ActionRules {
  strategy: "merge" | "replace" | "skipExisting" | "insertOnly" | "updateOnly";
  onConflict: "ask" | "overwrite" | "skip" | "merge" | "keepBoth";
  /** Fields that a column of the file feeds. */
  mappedFields: readonly string[];
  /**
   * The rows come from a backup. Then "ask" asks only where both sides may have moved since, and merges the others; and
   * fields that are empty in the backup clash as well, so that "overwrite" makes a record what it was.
   */
  isRestore?: boolean;
}

/** What is done with a row that is no record yet. */
export function unmatchedAction({ strategy }: ActionRules): "insert" | "skip" {
  return strategy === "updateOnly" ? "skip" : "insert";
}

/**
 * SQL text of what is done with a valid staged row: insert, update, unchanged, skip, or ask. The one definition that
 * the plan's counts and the application share, so that a preview is what happens. Aliases: s staged row, p its match
 * in the plan (or none), d how it differs (none when it does not), x the person's decision (or none), r the record.
 */
export function actionExpression(rules: ActionRules): string {
  return `case when p.row_number is null then '${unmatchedAction(rules)}' when p.same then 'unchanged'
    else ${matchedAction(rules)} end`;
}

function matchedAction(rules: ActionRules): string {
  // A row that is not the same changes its record, and so does one whose clashing fields are taken over. Only a merge
  // may come out as what the record has already, and only then is the record looked at.
  return differingAction(
    rules,
    `case when ${changedDataExpression(rules)} = r.data then 'unchanged' else 'update' end`,
  );
}

/**
 * SQL text of what is done with a row that differs from its record. `merged` stands where the two are to be merged; what
 * else there is can be told from d and x alone.
 */
export function differingAction(rules: ActionRules, merged: string): string {
  if (rules.strategy === "skipExisting" || rules.strategy === "insertOnly") return "'skip'";
  if (rules.strategy === "replace") return "'update'";
  return `case when not ${isClash("d")} then case when cardinality(d.taken) > 0 then 'update' else 'unchanged' end
    else case ${decisionExpression(rules)} when 'overwrite' then 'update' when 'keepBoth' then 'insert'
      when 'skip' then 'skip' when 'ask' then 'ask' else ${merged} end end`;
}

/** SQL text: the row and its record both changed something, so that somebody has to decide. */
function isClash(diff: string): string {
  return `cardinality(${diff}.clashing) > 0`;
}

/** SQL text: a row that would be asked about, or has been decided about: everything a review lists. */
export function clashExpression({ strategy }: ActionRules): string {
  if (strategy === "replace" || strategy === "skipExisting" || strategy === "insertOnly") return "false";
  return isClash("d");
}

/** SQL text of the decision that holds for a clash: the row's own, else the rule for all. */
export function decisionExpression({ onConflict, isRestore }: ActionRules): string {
  if (!isRestore || onConflict !== "ask") return `coalesce(x.resolution, '${onConflict}')`;
  return "coalesce(x.resolution, case when d.contested then 'ask' else 'merge' end)";
}

/**
 * SQL text of the data an updated record gets. What only the file changed is taken in any case; of what clashes:
 * overwrite takes the file's values; merge keeps the record's and fills its gaps, unless the person chose field by
 * field (x.patch, where null takes a value away). replace: the mapped fields become exactly what the file says.
 */
export function changedDataExpression(rules: ActionRules): string {
  if (rules.strategy === "replace") return withAllOf(rules.mappedFields);
  const merged = mergedExpression();
  // Of a backup every field that differs clashes, so that all that it fills can be taken at once.
  const overwritten = rules.isRestore
    ? withAllOf(rules.mappedFields)
    : `((r.data - (d.taken || d.clashing)) || ${picked("d.taken || d.clashing")})`;
  return `case when not ${isClash("d")} then ${merged}
    when ${decisionExpression(rules)} = 'merge'
      then coalesce(jsonb_strip_nulls(${merged} || x.patch), ${picked("d.clashing")} || ${merged})
    else ${overwritten} end`;
}

/** SQL text: the record with these fields exactly as the row has them. */
function withAllOf(fields: readonly string[]): string {
  return `((r.data - array[${fields.map(literal).join(",")}]::text[]) || s.data)`;
}

/** SQL text: the record after what needs no decision. */
export function mergedExpression(): string {
  return `case when cardinality(d.taken) = 0 then r.data else (r.data - d.taken) || ${picked("d.taken")} end`;
}

/** SQL text: the file's values of some fields. */
function picked(fields: string): string {
  return `coalesce((select jsonb_object_agg(f, s.data -> f) from unnest(${fields}) f where s.data ? f), '{}')`;
}

/** SQL text: the row became a record of its own. Unlike the action itself it does not depend on the record's data. */
export function wasInsertedExpression(rules: ActionRules): string {
  const beside =
    clashExpression(rules) === "false"
      ? "false"
      : `(not p.same and ${isClash("d")} and ${decisionExpression(rules)} = 'keepBoth')`;
  return `(s.errors is null and case when p.row_number is null then ${unmatchedAction(rules) === "insert"} else ${beside} end)`;
}

/**
 * SQL text of what was done with a valid row once the import has been applied: the journal tells (e, its entry of the
 * row's record, or none), and the plan and the decisions where it has nothing. Records may have changed since, so they
 * are not looked at.
 */
export function appliedActionExpression(rules: ActionRules): string {
  const left =
    rules.strategy === "skipExisting" || rules.strategy === "insertOnly" ? "'skip'" : "'unchanged'";
  const declined = `${clashExpression(rules)} and ${decisionExpression(rules)} in ('skip', 'ask')`;
  return `case when e.record_id is not null then 'update' when ${wasInsertedExpression(rules)} then 'insert'
    when p.row_number is null then 'skip' when p.same then 'unchanged' when ${declined} then 'skip' else ${left} end`;
}
