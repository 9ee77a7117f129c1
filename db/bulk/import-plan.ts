import type { AnySql, SqlTransaction } from "@/db/client";
import { type ActionRules, actionExpression, unmatchedAction } from "./import-actions";
import { keyEquals, keyHashExpression, literal } from "./key-hash";
import { planTable, stagingTable } from "./staging";

export interface MatchInput {
  importId: string;
  /** Undefined while the collection is still to be created: nothing can match. */
  collectionId: string | undefined;
  mode: "strict" | "off";
  /** Fields whose equality makes two records the same one; none = the whole content. */
  criteria: readonly string[];
  /** True when `criteria` are the collection's own key, whose hash every record carries. */
  criteriaAreOwnKey: boolean;
  /** Fields of the collection that the file does not fill. */
  unmappedFields: readonly string[];
}

/**
 * Finds for every staged row the record it is, if any, and writes the plan table. First by the record id that the file
 * states, then by equal key. Each record is given to one row and each row to one record; among several with one key,
 * identical content pairs first, then order. Runs in the caller's transaction.
 */
export async function matchStaged(tx: SqlTransaction, input: MatchInput): Promise<void> {
  const plan = planTable(input.importId);
  const staged = stagingTable(input.importId);
  // A million hashes are sorted and joined in memory instead of in files.
  await tx`set local work_mem = '128MB'`;
  await tx.unsafe(`drop table if exists ${plan}`);
  await tx.unsafe(`create table ${plan} (row_number integer not null, record_id uuid not null,
    record_version integer not null, same boolean not null, by_id boolean not null) with (autovacuum_enabled = false)`);
  if (input.collectionId !== undefined && input.mode === "strict") {
    await matchById(tx, plan, staged, input.collectionId);
    await matchByKey(tx, plan, staged, input.collectionId, input);
  }
  await tx.unsafe(`alter table ${plan} add primary key (row_number)`);
  await tx.unsafe(`analyze ${plan}`);
}

async function matchById(
  tx: SqlTransaction,
  plan: string,
  staged: string,
  collectionId: string,
): Promise<void> {
  await tx.unsafe(
    `insert into ${plan}
     select distinct on (r.id) s.row_number, r.id, r.version, r.data @> s.data, true
     from ${staged} s join records r on r.collection_id = $1 and r.id = s.source_id
     where s.errors is null and s.source_id is not null
     order by r.id, s.row_number`,
    [collectionId],
  );
}

async function matchByKey(
  tx: SqlTransaction,
  plan: string,
  staged: string,
  collectionId: string,
  input: MatchInput,
): Promise<void> {
  const { criteria, unmappedFields } = input;
  const withoutUnmapped =
    unmappedFields.length === 0 ? "r.data" : `(r.data - array[${unmappedFields.map(literal).join(",")}])`;
  // Without a key the content is compared, and only what the file speaks of.
  const recordHash =
    criteria.length === 0 && unmappedFields.length > 0
      ? keyHashExpression([], withoutUnmapped)
      : input.criteriaAreOwnKey
        ? "r.key_hash"
        : keyHashExpression(criteria, "r.data");
  const [byId] = await tx.unsafe<{ any: boolean }[]>(`select exists (select from ${plan}) as any`);
  const openRows = byId?.any
    ? `and not exists (select from ${plan} q where q.row_number = s.row_number)`
    : "";
  const openRecords = byId?.any ? `and not exists (select from ${plan} q where q.record_id = r.id)` : "";

  if (!(await hasRepeatedKeys(tx, staged))) {
    await tx.unsafe(
      `insert into ${plan}
       select distinct on (s.row_number) s.row_number, r.id, r.version, r.data @> s.data, false
       from ${staged} s join records r on r.collection_id = $1 and ${recordHash} = s.key_hash
       where s.errors is null and ${keyEquals(criteria, criteria.length === 0 ? withoutUnmapped : "r.data", "s.data")} ${openRows} ${openRecords}
       order by s.row_number, (r.data @> s.data) desc, r.id`,
      [collectionId],
    );
    return;
  }
  // Several rows of one key: the n-th row with some content takes the n-th record with that content. Only hashes are
  // sorted, not rows: key and content hash are independent, and 128 equal bits need no second look.
  const contentHash = (data: string) => `jsonb_hash_extended(${data}, 1)`;
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select id, version, key_hash, content_hash,
         row_number() over (partition by key_hash, content_hash order by id) as nth
       from (select r.id, r.version, ${recordHash} as key_hash, ${contentHash(withoutUnmapped)} as content_hash
             from records r where r.collection_id = $1 ${openRecords}) r
     ), s as (
       select row_number, key_hash, content_hash,
         row_number() over (partition by key_hash, content_hash order by row_number) as nth
       from (select s.row_number, s.key_hash, ${contentHash("s.data")} as content_hash
             from ${staged} s where s.errors is null ${openRows}) s
     )
     select s.row_number, r.id, r.version, true, false
     from s join r on r.key_hash = s.key_hash and r.content_hash = s.content_hash and r.nth = s.nth`,
    [collectionId],
  );
  if (criteria.length === 0) return;
  await tx.unsafe(`analyze ${plan}`);
  // What is left pairs by key alone, in order.
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select r.id, r.version, ${recordHash} as key_hash,
         row_number() over (partition by ${recordHash} order by r.id) as nth
       from records r where r.collection_id = $1 and not exists (select from ${plan} q where q.record_id = r.id)
     ), s as (
       select s.row_number, s.key_hash, row_number() over (partition by s.key_hash order by s.row_number) as nth
       from ${staged} s where s.errors is null and not exists (select from ${plan} q where q.row_number = s.row_number)
     )
     select s.row_number, r.id, r.version, rr.data @> ss.data, false
     from s join r on r.key_hash = s.key_hash and r.nth = s.nth
       join ${staged} ss on ss.row_number = s.row_number
       join records rr on rr.collection_id = $1 and rr.id = r.id
     where ${keyEquals(criteria, "rr.data", "ss.data")}`,
    [collectionId],
  );
}

async function hasRepeatedKeys(tx: AnySql, staged: string): Promise<boolean> {
  const [row] = await tx.unsafe<{ any: boolean }[]>(
    `select exists (select 1 from ${staged} where errors is null and key_hash is not null
       group by key_hash having count(*) > 1) as any`,
  );
  return row?.any ?? false;
}

export interface ActionCounts {
  total: number;
  invalid: number;
  insert: number;
  update: number;
  unchanged: number;
  skip: number;
  ask: number;
  duplicatesInFile: number;
}

/** Counts what will be done with the staged rows under these rules and the decisions taken so far. */
export async function countActions(sql: AnySql, importId: string, rules: ActionRules): Promise<ActionCounts> {
  const tally = await tallyActions(sql, importId, rules);
  const [repeated] = await sql.unsafe<{ count: number }[]>(
    `select coalesce(sum(n - 1), 0)::int8 as count from (
       select count(*) as n from ${stagingTable(importId)} where errors is null and key_hash is not null
       group by key_hash having count(*) > 1) g`,
  );
  return { ...tally, duplicatesInFile: repeated?.count ?? 0 };
}

export type ActionTally = Omit<ActionCounts, "duplicatesInFile"> & {
  /** Those of `insert` that match a record all the same: a person wants to keep both. */
  insertBeside: number;
};

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
  const [kinds] = await sql.unsafe<{ total: number; invalid: number; matched: number; same: number }[]>(
    `select count(*)::int8 as total, count(s.errors)::int8 as invalid, count(p.row_number)::int8 as matched,
       count(*) filter (where p.same)::int8 as same
     from ${stagingTable(importId)} s
     left join ${planTable(importId)} p on p.row_number = s.row_number
       ${range ? "and p.row_number between $1 and $2" : ""}
     ${within}`,
    range ? [range.first, range.last] : [],
  );
  const { total = 0, invalid = 0, matched = 0, same = 0 } = kinds ?? {};
  const unmatched = total - invalid - matched;
  const isInserted = unmatchedAction(rules) === "insert";
  const tally: ActionTally = {
    total,
    invalid,
    insert: isInserted ? unmatched : 0,
    skip: isInserted ? 0 : unmatched,
    unchanged: same,
    update: 0,
    ask: 0,
    insertBeside: 0,
  };
  if (matched === same) return tally;
  const differing = await sql.unsafe<
    { action: "insert" | "update" | "unchanged" | "skip" | "ask"; count: number }[]
  >(
    `select ${actionExpression(rules)} as action, count(*)::int8 as count
     ${rowSources(importId, range ? "range" : "all")}
     where not p.same ${range ? "and s.row_number between $2 and $3" : ""}
     group by 1`,
    range ? [importId, range.first, range.last] : [importId],
  );
  for (const { action, count } of differing) {
    tally[action] += count;
    if (action === "insert") tally.insertBeside += count;
  }
  return tally;
}

/**
 * FROM clause that gives every staged row with its match, decision and record. $1 is the import id. With `within`, only
 * the rows $2…$3 (said of both tables: the planner does not carry a range across an outer join).
 */
export function rowSources(importId: string, within: "all" | "range" = "all"): string {
  const range = within === "range" ? "and p.row_number between $2 and $3" : "";
  return `from ${stagingTable(importId)} s
     left join ${planTable(importId)} p on p.row_number = s.row_number ${range}
     left join import_resolutions x on x.import_id = $1 and x.row_number = s.row_number and p.row_number is not null
     left join records r on r.collection_id = (select collection_id from imports where id = $1)
       and r.id = p.record_id and not p.same`;
}

export interface ConflictRow {
  row: number;
  byId: boolean;
  incoming: Record<string, string | number | boolean>;
  existing: Record<string, string | number | boolean>;
  recordId: string;
  recordVersion: number;
  resolution: string | null;
}

/** Rows that match a record of different content, in the order of the file. */
export async function readConflicts(
  sql: AnySql,
  importId: string,
  page: { afterRow: number; limit: number; rows?: number[] },
): Promise<ConflictRow[]> {
  const only = page.rows ? `and s.row_number = any($4::int[])` : "";
  return await sql.unsafe<ConflictRow[]>(
    `select s.row_number as row, p.by_id as "byId", s.data as incoming, r.data as existing, r.id as "recordId",
       r.version as "recordVersion", x.resolution
     ${rowSources(importId)}
     where not p.same and r.id is not null and s.errors is null and s.row_number > $2 ${only}
     order by s.row_number limit $3`,
    page.rows ? [importId, page.afterRow, page.limit, page.rows] : [importId, page.afterRow, page.limit],
  );
}
