import { createHash } from "node:crypto";
import type { Sql } from "@/db/client";

/** What an account holds, without what differs between two runs of the same: ids and times. */
export interface Content {
  /** SHA-256 over `lines`. */
  hash: string;
  lines: string[];
  /** SHA-256 over the same with ids, sources and times as they are. */
  exactHash: string;
}

/**
 * The content of an account: its collections (name, fields, key, count) and records (data, version, what they came
 * from). An imported record is named by its file and row, since the rest of its id is random; a collection by its name.
 */
export async function readContent(sql: Sql, ownerId: string): Promise<Content> {
  const collections = await sql<{ id: string; name: string; line: string }[]>`
    select id, name, jsonb_build_array(name, template, fields, key_fields, record_count)::text as line
    from collections where owner_id = ${ownerId} order by name, id`;
  const records = await sql<{ line: string; exact: string }[]>`
    select jsonb_build_array(i.file_name, ('x' || right(r.id::text, 8))::bit(32)::int, r.version,
        case when s.restore_id is null then s.file_name else 'a restore' end, r.data)::text as line,
      jsonb_build_array(r.id, r.version, r.source_import_id, r.data, r.created_at, r.updated_at)::text as exact
    from records r join collections c on c.id = r.collection_id
      left join imports i on i.owner_id = ${ownerId} and r.id::text like i.id_prefix || '%'
      left join imports s on s.id = r.source_import_id
    where c.owner_id = ${ownerId} order by c.name, c.id, r.id`;
  const names = new Map(collections.map((row) => [row.id, row.name]));
  const head = collections.map(({ line }) =>
    line.replaceAll(
      /"references": "([^"]*)"/g,
      (_, id: string) => `"references": "${names.get(id) ?? "nothing"}"`,
    ),
  );
  const lines = [...head, ...records.map((row) => row.line).sort()];
  return {
    hash: digest(lines),
    lines,
    exactHash: digest([...collections.map((row) => row.line), ...records.map((row) => row.exact)]),
  };
}

function digest(lines: string[]): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex");
}

/** In words: what stands in one content and not in the other. At most three lines of each. */
export function difference(expected: Content, found: Content): string {
  const missing = without(expected.lines, found.lines);
  const extra = without(found.lines, expected.lines);
  const show = (lines: string[]) => lines.slice(0, 3).join(" | ");
  return `${missing.length} lines missing (${show(missing)}), ${extra.length} too many (${show(extra)})`;
}

function without(from: string[], others: string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return from.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** What must hold of an account whenever nothing is at work: each violation in words. */
export async function violations(sql: Sql, ownerId: string): Promise<string[]> {
  const found: string[] = [];
  const collections = await sql<{ name: string; stated: number; counted: number; writer: string | null }[]>`
    select c.name, c.record_count as stated, c.writer_id as writer,
      (select count(*) from records r where r.collection_id = c.id)::int8 as counted
    from collections c where c.owner_id = ${ownerId}`;
  for (const { name, stated, counted, writer } of collections) {
    if (stated !== counted) found.push(`${name} says it has ${stated} records, and has ${counted}`);
    if (writer) found.push(`${name} is still claimed by ${writer}`);
  }
  const open = await sql<{ line: string }[]>`
    select 'an import is left ' || state as line from imports where owner_id = ${ownerId}
      and state not in ('completed', 'completed_with_errors', 'failed', 'rolled_back', 'cancelled', 'undone')
    union all
    select 'a job of kind ' || kind || ' is left ' || state from jobs where owner_id = ${ownerId} and finished_at is null
    union all
    select 'job events have a gap' from jobs j where owner_id = ${ownerId}
      and event_seq <> (select count(*) from job_events e where e.job_id = j.id)
    union all
    select 'an import’s function is left running' from engine.run r join engine.event e on e.id = r.event_id
      join imports i on i.id::text = e.payload -> 'data' ->> 'importId'
      where i.owner_id = ${ownerId} and r.status = 'running'
    union all
    select 'a chunk says that it inserted more rows than it has' from journal_chunks k
      join imports i on i.id = k.import_id
      where i.owner_id = ${ownerId} and k.inserted > k.last_row - k.first_row + 1`;
  found.push(...open.map((row) => row.line));
  const tables = await sql<{ table: string; state: string | null }[]>`
    select t.tablename as table, i.state from pg_tables t
      left join imports i on replace(i.id::text, '-', '') = split_part(t.tablename, '_', 2)
    where t.schemaname = 'staging' and (i.id is null or (i.owner_id = ${ownerId} and i.expires_at < now()))`;
  found.push(
    ...tables.map((row) => `staging.${row.table} is left of ${row.state ?? "an import that is gone"}`),
  );
  return found;
}
