import { stopRequest } from "@/db/queries/job-control";
import type { SystemContext } from "@/lib/services/context";

/** What the person asked of a job that is at work: to stop for good, to pause, or nothing. */
export function stopRequested(ctx: SystemContext, jobId: string): Promise<"cancel" | "pause" | null> {
  return stopRequest(ctx.db.sql, jobId);
}
