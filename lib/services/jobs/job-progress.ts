import { advanceJob, isCancelRequested, type JobChange } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";

const TELL_EVERY_MILLISECONDS = 500;

/** Not an error: the person changed their mind. */
export class WorkCancelled extends Error {}

/** Tells of a job's progress, twice a second, and looks whether to stop. */
export class JobProgress {
  private toldAt = 0;

  constructor(
    private readonly ctx: SystemContext,
    private readonly jobId: string,
  ) {}

  /** @throws WorkCancelled */
  async tell(change: Omit<JobChange, "event"> & Partial<Pick<JobChange, "event">>): Promise<void> {
    if (await isCancelRequested(this.ctx.db.sql, this.jobId)) throw new WorkCancelled();
    await advanceJob(this.ctx.db.sql, this.jobId, { event: "progress", state: "processing", ...change });
    this.toldAt = Date.now();
  }

  /** The same, unless something was told a moment ago. */
  async tellNowAndThen(change: Omit<JobChange, "event">): Promise<void> {
    if (Date.now() - this.toldAt >= TELL_EVERY_MILLISECONDS) await this.tell(change);
  }
}
