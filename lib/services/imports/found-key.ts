import { tellsRecordsApart, tellsRowsApart } from "@/db/bulk/import-key";
import { proposeKey } from "@/lib/core/mapping/propose-key";
import type { SystemContext } from "@/lib/services/context";
import type { RunningImport } from "./running";

/** Each costs a look at all rows or records. */
const LOOKED_AT_MAX = 2;

/**
 * The field by which the records of a new table are told apart, found in its rows: what the next file brings of them is
 * then an update. Undefined for a collection that has its key from elsewhere, and where no field will do.
 */
export async function findKey(ctx: SystemContext, running: RunningImport): Promise<string | undefined> {
  const { row, target } = running;
  if (row.newCollection?.template || target.template) return undefined;
  for (const name of candidatesOf(running)) {
    if (await tellsRowsApart(ctx.db.sql, row.id, name)) return name;
  }
  return undefined;
}

/**
 * The same for a collection that has records and no key, by its records and the first rows of the file: what people may be
 * asked about. Not what is done by itself: they have lived with the records as they are.
 */
export async function suggestKey(ctx: SystemContext, running: RunningImport): Promise<string | undefined> {
  const { collection, options } = running;
  if (!collection || collection.recordCount === 0 || options.matching.mode === "off") return undefined;
  for (const name of candidatesOf(running)) {
    if (await tellsRecordsApart(ctx.db.sql, collection.id, name)) return name;
  }
  return undefined;
}

/** None where a key comes from elsewhere. */
function candidatesOf({ row, target, detection, options }: RunningImport): string[] {
  if (target.keyFields.length > 0 || options.matching.criteria !== undefined || row.restored) return [];
  // A file of Ferry's own says what its key was, also that it had none.
  if (detection.fields !== undefined) return [];
  const { columns, sampleRows } = detection;
  return proposeKey({ ...target, columns, sampleRows }).slice(0, LOOKED_AT_MAX);
}
