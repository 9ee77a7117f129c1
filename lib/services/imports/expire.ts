import { dropStaged } from "@/db/bulk/staging";
import { expiredImports, forgetJournal, staleDrafts } from "@/db/queries/import-expiry";
import type { SystemContext } from "@/lib/services/context";
import { rollBackImport } from "./rollback";

/**
 * Clears what imports leave behind: staged rows and journals whose time is over, and drafts that nobody went on with.
 * Answers how many were cleared.
 */
export async function removeExpiredImports(ctx: SystemContext): Promise<number> {
  let cleared = 0;
  for (const id of await expiredImports(ctx.db.sql, ctx.now())) {
    await ctx.db.sql.begin(async (tx) => {
      await dropStaged(tx, id);
      await forgetJournal(tx, id);
    });
    cleared++;
  }
  for (const id of await staleDrafts(ctx.db.sql, ctx.now())) {
    await rollBackImport(ctx, id, {
      kind: "cancelled",
      message: "The import was not started within seven days.",
    });
    cleared++;
  }
  return cleared;
}
