import { claimJob, nextDueInMs } from "@/db/engine/leases";
import { isUnavailable } from "@/db/engine/transaction";
import type { JobKind, LeasedJob } from "@/db/engine/types";
import { executeJob } from "./execute";
import type { Execution } from "./execution";

const CALLS: JobKind[] = ["discover", "step"];
/** The engine's own jobs have slots of their own: timers must go off while every slot for calls is taken. */
const INTERNAL: JobKind[] = ["event", "wake", "cron"];
const INTERNAL_SLOTS = 2;
/** A wake-up may be lost (a connection was), and jobs blocked by a concurrency key of another worker send none. */
const POLL_MS = 1_000;

export interface DispatcherOptions {
  execution: Execution;
  slots: number;
  leaseSeconds: number;
  workerId: () => number | undefined;
}

/** Leases due jobs while slots are free, and sleeps until the next one is due or somebody pokes it. */
export class Dispatcher {
  private readonly active = new Set<Promise<void>>();
  private freeCalls: number;
  private freeInternal = INTERNAL_SLOTS;
  private scanning = false;
  private pokedAgain = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DispatcherOptions) {
    this.freeCalls = options.slots;
  }

  /** There may be something to do. */
  poke(): void {
    if (this.stopped) return;
    if (this.scanning) {
      this.pokedAgain = true;
      return;
    }
    this.scanning = true;
    clearTimeout(this.timer);
    void this.scan();
  }

  /** Lease nothing more; resolves when all that runs has been reported. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    while (this.active.size > 0) await Promise.all(this.active);
  }

  private async scan(): Promise<void> {
    const { execution } = this.options;
    let sleepMs = POLL_MS;
    try {
      do {
        this.pokedAgain = false;
        while (await this.startNext());
      } while (this.pokedAgain && !this.stopped);
      if (!this.stopped)
        sleepMs = Math.min(POLL_MS, Math.max(1, (await nextDueInMs(execution.sql)) ?? POLL_MS));
    } catch (error) {
      if (!isUnavailable(error)) execution.log.error({ err: error }, "no job could be leased");
    } finally {
      this.scanning = false;
    }
    if (this.stopped) return;
    if (this.pokedAgain) this.poke();
    else this.timer = setTimeout(() => this.poke(), sleepMs);
  }

  private async startNext(): Promise<boolean> {
    const workerId = this.options.workerId();
    const kinds = [...(this.freeInternal > 0 ? INTERNAL : []), ...(this.freeCalls > 0 ? CALLS : [])];
    if (this.stopped || workerId === undefined || kinds.length === 0) return false;
    const { execution, leaseSeconds } = this.options;
    const job = await claimJob(execution.sql, { workerId, leaseSeconds, kinds });
    if (!job) return false;
    this.start(job);
    return true;
  }

  private start(job: LeasedJob): void {
    const isCall = CALLS.includes(job.kind);
    if (isCall) this.freeCalls--;
    else this.freeInternal--;
    const { execution } = this.options;
    const work = executeJob(execution, job)
      .catch((error: unknown) => {
        execution.log.error({ err: error, runId: job.runId, kind: job.kind }, "a job could not be reported");
      })
      .then(() => {
        if (isCall) this.freeCalls++;
        else this.freeInternal++;
        this.active.delete(work);
        this.poke();
      });
    this.active.add(work);
  }
}
