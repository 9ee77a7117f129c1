import type { AnySql } from "@/db/client";
import type { ImportState } from "@/db/schema";

/** An import, locked until the transaction ends: fixes of its rows are counted one after the other. */
export async function lockImportForFix(
  sql: AnySql,
  importId: string,
): Promise<{ state: ImportState; staged: unknown; plan: unknown }> {
  const [row] = await sql<{ state: ImportState; staged: unknown; plan: unknown }[]>`
    select state, staged, plan from imports where id = ${importId} for update`;
  if (!row) throw new Error(`import ${importId} does not exist`);
  return row;
}

/** Stores what is known of the staged rows, and the plan's counts where they are given. */
export async function saveFixCounts(
  sql: AnySql,
  importId: string,
  counts: { staged: object; plan?: object },
): Promise<void> {
  await sql`update imports set staged = ${sql.json(counts.staged as never)},
              plan = coalesce(${counts.plan ? sql.json(counts.plan as never) : null}::jsonb, plan)
            where id = ${importId}`;
}

/** The plan has been made with `count` fixes in it; others may have been made since. */
export async function forgetFixes(sql: AnySql, importId: string, count: number): Promise<void> {
  await sql`update imports set staged = staged - 'unplannedFixes'
            where id = ${importId} and (staged ->> 'unplannedFixes')::int = ${count}`;
}
