import type { AnySql } from "@/db/client";
import {
  type ActionRules,
  actionExpression,
  clashExpression,
  differingAction,
  unmatchedAction,
} from "./import-actions";
import { countRepetitions } from "./repeated-keys";
import { diffTable, goneTable, planTable, stagingTable } from "./staging";

/** What is done with rows that differ from their record: all that a decision can change. */
export interface DifferingTally {
  /** Rows that a person wants to keep beside the record they match. */
  insert: number;
  update: number;
  unchanged: number;
  skip: number;
  ask: number;
  /** Rows that clash, decided or not. */
  clashes: number;
}

/** What is done with rows, those that differ included. */
export interface ActionTally {
  total: number;
  invalid: number;
  insert: number;
  update: number;
  unchanged: number;
  skip: number;
  ask: number;
  /** The part of it that decisions can change. */
  differing: DifferingTally;
  /** Unchanged rows whose record was not last written by this source: what it gave has to be noted. */
  remembered: number;
  /** Rows for which the file states the id of the record they were. */
  withOrigin: number;
}

export interface ActionCounts extends ActionTally {
  duplicatesInFile: number;
  delete: number;
}

/** Counts what will be done with the planned rows under these rules and the decisions taken so far. */
export async function countActions(sql: AnySql, importId: string, rules: ActionRules): Promise<ActionCounts> {
  return {
    ...(await tallyActions(sql, importId, rules)),
    duplicatesInFile: await countRepetitions(sql, importId),
    delete: await countGone(sql, importId),
  };
}

export async function countGone(sql: AnySql, importId: string): Promise<number> {
  const [gone] = await sql<{ there: boolean }[]>`
    select to_regclass(${goneTable(importId)}) is not null as there`;
  if (!gone?.there) return 0;
  const [row] = await sql.unsafe<{ count: number }[]>(
    `select coalesce(max(ordinal), 0)::int8 as count from ${goneTable(importId)}`,
  );
  return row?.count ?? 0;
}

/**
 * Counts actions, of all staged rows or of the rows first…last. Records are only looked at for rows that differ from
 * theirs; in most imports those are few.
 */
export async function tallyActions(
  sql: AnySql,
  importId: string,
  rules: ActionRules,
  range?: { first: number; last: number },
): Promise<ActionTally> {
  const within = range ? "where s.row_number between $1 and $2" : "";
  const [kinds] = await sql.unsafe<
    {
      total: number;
      invalid: number;
      matched: number;
      same: number;
      remembered: number;
      withOrigin: number;
    }[]
  >(
    `select count(*)::int8 as total, count(s.errors)::int8 as invalid, count(p.row_number)::int8 as matched,
       count(*) filter (where p.same)::int8 as same,
       count(*) filter (where p.same and not p.delivered)::int8 as remembered,
       count(s.source_id)::int8 as "withOrigin"
     from ${stagingTable(importId)} s
     left join ${planTable(importId)} p on p.row_number = s.row_number
       ${range ? "and p.row_number between $1 and $2" : ""}
     ${within}`,
    range ? [range.first, range.last] : [],
  );
  const { total = 0, invalid = 0, matched = 0, same = 0, remembered = 0, withOrigin = 0 } = kinds ?? {};
  const unmatched = total - invalid - matched;
  const isInserted = unmatchedAction(rules) === "insert";
  const differing = matched === same ? NONE_DIFFERING : await tallyDiffering(sql, importId, rules, range);
  return {
    total,
    invalid,
    insert: (isInserted ? unmatched : 0) + differing.insert,
    update: differing.update,
    unchanged: same + differing.unchanged,
    skip: (isInserted ? 0 : unmatched) + differing.skip,
    ask: differing.ask,
    differing,
    remembered,
    withOrigin,
  };
}

const NONE_DIFFERING: DifferingTally = { insert: 0, update: 0, unchanged: 0, skip: 0, ask: 0, clashes: 0 };

interface DifferingCount {
  action: "insert" | "update" | "unchanged" | "skip" | "ask" | "merge";
  clash: boolean;
  count: number;
}

/**
 * Counts actions of the rows that differ from their record, of all or of the rows first…last. Rows and records
 * themselves are only looked at where the two are merged.
 */
export async function tallyDiffering(
  sql: AnySql,
  importId: string,
  rules: ActionRules,
  range?: { first: number; last: number },
): Promise<DifferingTally> {
  const parameters = range ? [importId, range.first, range.last] : [importId];
  const count = (action: string, sources: string) =>
    sql.unsafe<DifferingCount[]>(
      `select ${action} as action, ${clashExpression(rules)} as clash, count(*)::int8 as count ${sources} group by 1, 2`,
      parameters,
    );
  const decided = await count(
    differingAction(rules, "'merge'"),
    `from ${diffTable(importId)} d
     left join import_resolutions x on x.import_id = $1 and x.row_number = d.row_number
     ${range ? "where d.row_number between $2 and $3" : ""}`,
  );
  const merged = decided.some(({ action }) => action === "merge")
    ? await count(
        actionExpression(rules),
        `${rowSources(importId, range ? "range" : "all")}
         where d.row_number is not null and ${differingAction(rules, "'merge'")} = 'merge'
           ${range ? "and s.row_number between $2 and $3" : ""}`,
      )
    : [];
  const tally = { ...NONE_DIFFERING };
  for (const { action, clash, count } of [...decided, ...merged]) {
    if (action === "merge") continue;
    tally[action] += count;
    if (clash) tally.clashes += count;
  }
  return tally;
}

/**
 * FROM clause that gives every staged row with its match, difference, decision and record, by the aliases of
 * `actionExpression`. $1 is the import id. With `within`, only the rows $2…$3 (said of each table: the planner does not
 * carry a range across an outer join).
 */
export function rowSources(importId: string, within: "all" | "range" = "all"): string {
  const range = (alias: string) => (within === "range" ? `and ${alias}.row_number between $2 and $3` : "");
  return `from ${stagingTable(importId)} s
     left join ${planTable(importId)} p on p.row_number = s.row_number ${range("p")}
     left join ${diffTable(importId)} d on d.row_number = s.row_number ${range("d")}
     left join import_resolutions x on x.import_id = $1 and x.row_number = s.row_number and d.row_number is not null
     left join records r on r.collection_id = (select collection_id from imports where id = $1)
       and r.id = p.record_id and not p.same`;
}
