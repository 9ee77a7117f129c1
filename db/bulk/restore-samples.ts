import type { AnySql } from "@/db/client";
import type { StoredSample } from "@/db/schema";
import { type ActionRules, actionExpression, changedDataExpression } from "./import-actions";
import { rowSources } from "./import-count";
import { goneTable } from "./staging";

type Kind = StoredSample["kind"];

const ACTIONS: Record<Exclude<Kind, "delete">, string> = { add: "insert", change: "update", conflict: "ask" };

/** A few records of each kind that is there, with what they are and what they would become. */
export async function sampleRestored(
  sql: AnySql,
  importId: string,
  rules: ActionRules,
  wanted: { kinds: ReadonlySet<Kind>; each: number },
): Promise<StoredSample[]> {
  const found: StoredSample[] = [];
  for (const [kind, action] of Object.entries(ACTIONS) as [Exclude<Kind, "delete">, string][]) {
    if (!wanted.kinds.has(kind)) continue;
    const after = kind === "change" ? changedDataExpression(rules) : "s.data";
    found.push(
      ...(await sql.unsafe<StoredSample[]>(
        `select '${kind}' as kind, s.source_id as "recordId", ${kind === "add" ? "null::jsonb" : "r.data"} as before,
           ${after} as after
         ${rowSources(importId)}
         where s.errors is null and ${actionExpression(rules)} = '${action}' order by s.row_number limit $2`,
        [importId, wanted.each],
      )),
    );
  }
  if (wanted.kinds.has("delete")) {
    found.push(
      ...(await sql.unsafe<StoredSample[]>(
        `select 'delete' as kind, r.id as "recordId", r.data as before, null::jsonb as after
         from ${goneTable(importId)} g join records r on r.id = g.record_id
           and r.collection_id = (select collection_id from imports where id = $1)
         order by g.ordinal limit $2`,
        [importId, wanted.each],
      )),
    );
  }
  return found;
}
