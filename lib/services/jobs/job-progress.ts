import { advanceOpenJob, isCancelRequested, type JobChange } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";

const TELL_EVERY_MILLISECONDS = 500;

/** Not an error: the person changed their mind. */
export class WorkCancelled extends Error {}

/** Not an error either: the job has ended, by another attempt while this one hung. There is nothing left to do. */
export class WorkOver extends Error {}

/** Tells of a job's progress, twice a second and whenever a phase begins, and looks whether to stop. */
export class JobProgress {
  private toldAt = 0;
  private phase: string | undefined;

  constructor(
    private readonly ctx: SystemContext,
    private readonly jobId: string,
  ) {}

  /** @throws WorkCancelled, WorkOver */
  async tell(change: Omit<JobChange, "event"> & Partial<Pick<JobChange, "event">>): Promise<void> {
    const { sql } = this.ctx.db;
    if (await isCancelRequested(sql, this.jobId)) throw new WorkCancelled();
    const told = await advanceOpenJob(sql, this.jobId, { event: "progress", state: "processing", ...change });
    if (!told) throw new WorkOver("the job has ended");
    this.toldAt = Date.now();
    this.phase = change.phase?.name ?? this.phase;
  }

  /** The same, unless something was told a moment ago of the same phase. */
  async tellNowAndThen(change: Omit<JobChange, "event">): Promise<void> {
    const begins = change.phase !== undefined && change.phase.name !== this.phase;
    if (begins || Date.now() - this.toldAt >= TELL_EVERY_MILLISECONDS) await this.tell(change);
  }
}
