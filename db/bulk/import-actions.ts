/** What decides the fate of a staged row, besides the row itself. */
export interface ActionRules {
  strategy: "merge" | "replace" | "skipExisting" | "insertOnly" | "updateOnly";
  onConflict: "ask" | "overwrite" | "skip" | "merge" | "keepBoth";
}

/** What is done with a row that is no record yet. */
export function unmatchedAction({ strategy }: ActionRules): "insert" | "skip" {
  return strategy === "updateOnly" ? "skip" : "insert";
}

/**
 * SQL text of what is done with a valid staged row: insert, update, unchanged, skip, or ask. The one definition that
 * the plan's counts and the application share, so that a preview is what happens. Aliases: s staged row, p its match
 * in the plan (or none), x the person's decision (or none), r the matched record.
 */
export function actionExpression(rules: ActionRules): string {
  const { strategy, onConflict } = rules;
  const differing =
    strategy === "skipExisting" || strategy === "insertOnly"
      ? "'skip'"
      : `case coalesce(x.resolution, '${onConflict}')
           when 'keepBoth' then 'insert' when 'skip' then 'skip' when 'ask' then 'ask'
           else case when ${changedDataExpression(rules)} = r.data then 'unchanged' else 'update' end
         end`;
  return `case when p.row_number is null then '${unmatchedAction(rules)}' when p.same then 'unchanged' else ${differing} end`;
}

/**
 * SQL text of the data an updated record gets. overwrite: what the file says wins, what it does not say stays; merge:
 * what the record has stays and its gaps are filled, unless the person chose field by field (x.patch, where null takes
 * a value away).
 */
export function changedDataExpression({ onConflict }: ActionRules): string {
  return `case when coalesce(x.resolution, '${onConflict}') = 'merge'
    then coalesce(jsonb_strip_nulls(r.data || x.patch), s.data || r.data)
    else r.data || s.data end`;
}
