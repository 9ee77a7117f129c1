import { tellsRowsApart } from "@/db/bulk/import-key";
import { proposeKey } from "@/lib/core/mapping/propose-key";
import type { SystemContext } from "@/lib/services/context";
import type { RunningImport } from "./running";

/** Each costs a look at all rows. */
const LOOKED_AT_MAX = 2;

/**
 * The field by which the records of a new table are told apart, found in its rows: what the next file brings of them is
 * then an update. Undefined for a collection that has its key from elsewhere, and where no field will do.
 */
export async function findKey(ctx: SystemContext, running: RunningImport): Promise<string | undefined> {
  const { row, target, detection, options } = running;
  const isOpen = target.keyFields.length === 0 && options.matching.criteria === undefined;
  if (!isOpen || row.newCollection?.template || target.template || row.restored) return undefined;
  // A file of Ferry's own says what its key was, also that it had none.
  if (detection.fields !== undefined) return undefined;
  const { columns, sampleRows } = detection;
  for (const name of proposeKey({ ...target, columns, sampleRows }).slice(0, LOOKED_AT_MAX)) {
    if (await tellsRowsApart(ctx.db.sql, row.id, name)) return name;
  }
  return undefined;
}
