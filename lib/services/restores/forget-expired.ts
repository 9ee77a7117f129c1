import { forgetExpiredCategories } from "@/db/queries/restore-categories";
import type { SystemContext } from "@/lib/services/context";

/**
 * Forgets what restores have noted of preferences and notifications once they cannot be undone any more; answers how many
 * restores. What they noted of records goes with their imports.
 */
export async function forgetExpiredRestores(ctx: SystemContext): Promise<number> {
  return forgetExpiredCategories(ctx.db.sql, ctx.now());
}
