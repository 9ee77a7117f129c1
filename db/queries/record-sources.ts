import { and, inArray, isNotNull } from "drizzle-orm";
import type { Orm, OrmTransaction } from "@/db/client";
import { imports } from "@/db/schema";

/** Of these imports, those that are part of a restore, with its id. Records name the import alone. */
export async function findRestoresOf(
  orm: Orm | OrmTransaction,
  importIds: Iterable<string | null>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(importIds)].filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const rows = await orm
    .select({ id: imports.id, restoreId: imports.restoreId })
    .from(imports)
    .where(and(inArray(imports.id, ids), isNotNull(imports.restoreId)));
  return new Map(rows.map(({ id, restoreId }) => [id, restoreId!]));
}
