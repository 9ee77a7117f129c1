import type { SqlTransaction } from "@/db/client";
import { ValidationError } from "@/lib/platform/errors";
import { type BlockPlan, bucketExpression, leastLikeness, planBlocks, sumOf } from "./fuzzy-blocks";
import type { FuzzyInput } from "./fuzzy-input";
import { literal } from "./key-hash";
import { ALIKE, comparableHash, type ScoredField, scoreExpressions, type ScoringRule } from "./match-score";

/** Pairs that are compared at most: those that share a block. */
const PAIRS_MAX = 50_000_000;
/** The same where nothing narrows them down, and most are compared in vain. */
const BROAD_PAIRS_MAX = 25_000_000;
/** Entries of open rows (three for each where buckets have neighbours) up to which records are chosen by them. */
const FEW_ROWS = 30_000;

/**
 * Fills the temporary table fuzzy_candidates (row_number, record_id, record_version, score, confidence) with every pair
 * of rows and records not paired yet whose score reaches the threshold. Only rows and records that share a block are
 * compared: what a match cannot do without is hashed to one integer, and dates or numbers that may be near fall into
 * buckets as wide as their tolerance, so that three of them hold every neighbour.
 * @throws ValidationError `matching-too-broad`
 */
export async function collectCandidates(tx: SqlTransaction, input: FuzzyInput): Promise<void> {
  const { rule } = input;
  const plan = planBlocks(rule);
  const openRows = await openSide(tx, input, plan, "row");
  await openSide(tx, input, plan, "record", openRows <= FEW_ROWS);
  await tx.unsafe(`drop table if exists pg_temp.fuzzy_candidates`);
  await refuseTooMany(tx, rule, plan);
  const { score, confidence, likenesses } = scoreExpressions(
    rule.fields,
    (n) => `s.c${n}`,
    (n) => `r.c${n}`,
  );
  await tx.unsafe(
    `create temp table fuzzy_candidates on commit drop as
     select s.row_number, r.id as record_id, r.version as record_version, ${score} as score, ${confidence} as confidence
     from fuzzy_open_rows s join fuzzy_open_records r on r.block = s.block
     where ${isMatch(rule, likenesses)}`,
  );
  await tx.unsafe(`drop table fuzzy_open_rows, fuzzy_open_records`);
  await tx.unsafe(`analyze fuzzy_candidates`);
}

/**
 * One side of what is still open, ready to be compared: the block and each field's comparable. A row stands in the
 * blocks of both neighbouring buckets too.
 * @param isRestricted prepares only records that share a block with some open row: pays where rows are few
 */
async function openSide(
  tx: SqlTransaction,
  input: FuzzyInput,
  plan: BlockPlan,
  side: "row" | "record",
  isRestricted = false,
): Promise<number> {
  const { fields } = input.rule;
  const columns = (alias: string) =>
    fields.map((f, n) => `${comparableHash(f, `${alias}.data`)} as c${n}`).join(", ");
  const scored = fields.filter((f) => f.weight > 0 || f.required).map((f) => literal(f.field));
  const saysSomething = (alias: string) => `${alias}.data ?| array[${scored.join(",")}]::text[]`;
  const source =
    side === "row"
      ? `select s.row_number, ${columns("s")} from ${input.stagedTable} s
         where s.errors is null ${input.openRows}
           and not exists (select from fuzzy_pairs p where p.row_number = s.row_number) and ${saysSomething("s")}`
      : `select r.id, r.version, ${columns("r")} from records r
         where r.collection_id = ${literal(input.collectionId)}::uuid ${input.openRecords}
           and not exists (select from fuzzy_pairs p where p.record_id = r.id) and ${saysSomething("r")}`;
  const table = side === "row" ? "fuzzy_open_rows" : "fuzzy_open_records";
  const near = plan.near[0];
  const steps = side === "row" && near ? "(values (-1), (0), (1)) step (step)" : "(values (0)) step (step)";
  const block = blockExpression(fields, plan, (n) => `c.c${n}`);
  const blockOfRecord = blockExpression(fields, plan, (n) => comparableHash(fields[n]!, "r.data"), "+ 0");
  const restriction = isRestricted ? `and ${blockOfRecord} in (select block from fuzzy_open_rows)` : "";
  await tx.unsafe(`drop table if exists pg_temp.${table}`);
  const result = await tx.unsafe(
    `create temp table ${table} on commit drop as
     select c.*, ${block} as block
     from (${source} ${restriction} offset 0) c, ${steps}
     where ${near ? `step = 0 or c.c${fields.indexOf(near)} is not null` : "true"}`,
  );
  await tx.unsafe(`analyze ${table} (block)`);
  return result.count;
}

/** SQL text (bigint) of the block that comparables lie in; `column` names the n-th. */
function blockExpression(
  fields: readonly ScoredField[],
  plan: BlockPlan,
  column: (n: number) => string,
  step = "+ step",
): string {
  const seed = plan.equal.reduce(
    (hash, f) => `hashint8extended(coalesce(${equalityHash(f, column(fields.indexOf(f)))}, 0), ${hash})`,
    "0::bigint",
  );
  const [near] = plan.near;
  if (!near) return seed;
  return `(${seed}) # coalesce(${bucketExpression(near, `(${column(fields.indexOf(near))})`, step)}, -1)`;
}

function equalityHash({ comparator }: ScoredField, value: string): string {
  if (comparator.kind === "number") return `hash_numeric_extended(${value}, 0)`;
  return comparator.kind === "text" ? `hashtextextended(${value}, 0)` : `(${value})::bigint`;
}

/**
 * SQL text: the pair reaches the threshold and has what is required. Texts are the dearest to compare: where the rest
 * leaves them no chance they are not, and a text too different is given up early, which says 0 instead of too little.
 */
function isMatch(rule: ScoringRule, likenesses: readonly string[]): string {
  const needed = rule.threshold * sumOf(rule.fields);
  const weighed = rule.fields.map((f, n) => {
    const isText = f.comparator.kind === "text";
    return { f, isText, likeness: isText ? boundedText(rule, f, n) : likenesses[n]! };
  });
  const sum = (parts: typeof weighed) =>
    parts.map((p) => (p.f.weight === 0 ? "0" : `${p.f.weight} * (${p.likeness})`)).join(" + ") || "0";
  const required = weighed.filter((p) => p.f.required).map((p) => `(${p.likeness}) > 0`);
  const texts = weighed.filter((p) => p.isText);
  const others = weighed.filter((p) => !p.isText);
  const reaches = `(${sum(weighed)}) >= ${needed}`;
  const score =
    texts.length > 0 && others.length > 0
      ? `case when (${sum(others)}) >= ${needed - sumOf(texts.map((p) => p.f)) * ALIKE} then ${reaches} else false end`
      : reaches;
  return [score, ...required].join(" and ");
}

function boundedText(rule: ScoringRule, field: ScoredField, n: number): string {
  const [a, b] = [`s.c${n}`, `r.c${n}`];
  const longer = `greatest(length(${a}), length(${b}))`;
  const least = Math.min(leastLikeness(rule, field), ALIKE);
  const edits = `${longer} * ${ALIKE - least} / ${ALIKE}`;
  return `case when ${a} = ${b} then ${ALIKE} when ${a} is null and ${b} is null then ${ALIKE}
    when ${a} is null or ${b} is null or abs(length(${a}) - length(${b})) > ${edits} then 0
    else (${longer} - least(levenshtein_less_equal(${a}, ${b}, ${edits}), ${longer})) * ${ALIKE} / ${longer} end`;
}

async function refuseTooMany(tx: SqlTransaction, rule: ScoringRule, plan: BlockPlan): Promise<void> {
  const isBroad = plan.equal.length + plan.near.length === 0;
  const most = isBroad ? BROAD_PAIRS_MAX : PAIRS_MAX;
  const [sizes] = await tx<{ rows: number; largest: number }[]>`
    select (select count(*) from fuzzy_open_rows)::int8 as rows,
      coalesce((select max(n) from (select count(*) as n from fuzzy_open_records group by block) b), 0)::int8 as largest`;
  const { rows = 0, largest = 0 } = sizes ?? {};
  // In most imports the largest block settles it.
  if (rows * largest <= most) return;
  const [pairs] = await tx<{ n: number }[]>`
    select coalesce(sum(b.n), 0)::int8 as n from fuzzy_open_rows s
    join (select block, count(*) as n from fuzzy_open_records group by block) b on b.block = s.block`;
  const count = pairs?.n ?? 0;
  if (count <= most) return;
  const named = [...plan.equal, ...plan.near.slice(0, 1)].map((f) => `"${f.field}"`).join(" and ");
  const free = rule.fields.filter(
    (f) => ![...plan.equal, ...plan.near].includes(f) && f.comparator.kind !== "text",
  );
  const hint =
    free.length > 0
      ? `Make ${free.map((f) => `"${f.field}"`).join(" or ")} required in the matching rule, or raise the threshold`
      : "Add a field with many different values to the matching rule and make it required";
  throw new ValidationError(
    `Fuzzy matching would have to compare ${count.toLocaleString("en")} pairs of rows and records, ${
      isBroad ? "since no field has to agree" : `since too many of them agree in ${named}`
    }; ${most.toLocaleString("en")} are possible. ${hint}.`,
    undefined,
    "matching-too-broad",
  );
}
