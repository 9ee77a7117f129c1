import { advanceJob } from "@/db/queries/jobs";
import { findImport } from "@/db/queries/imports";
import type { SystemContext } from "@/lib/services/context";

/** Tells whoever watches that a step of the import is tried again. `attempt` counts from 1. */
export async function noteRetry(ctx: SystemContext, importId: string, attempt: number): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (row) await advanceJob(ctx.db.sql, row.jobId, { event: "retrying", state: "retrying", attempt });
}
