import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { failBackup, runBackup } from "@/lib/services/backups/run-backup";
import { drillOnce, dueDrills } from "@/lib/services/backups/run-drill";
import { failCheck, runCheck } from "@/lib/services/backups/run-check";
import { insist, lastReason, tryNoted } from "./job-steps";

/**
 * Makes the file of a backup. One step: what a half-made file holds is of no use to the next attempt. One at a time for
 * each user: each goes on from the one before it.
 */
export const makeBackup = inngest.createFunction(
  {
    id: "run-backup",
    triggers: [{ event: "backup/requested" }],
    retries: 3,
    concurrency: [{ limit: 2 }, { limit: 1, key: "event.data.ownerId" }],
    onFailure: async ({ event, step }) => {
      const { backupId } = event.data.event.data as { backupId: string };
      const why = lastReason(event.data.error);
      await insist(step, "fail", () => failBackup(systemContext(), backupId, why));
    },
  },
  async ({ event, step, attempt }) => {
    const { backupId, jobId } = event.data as { backupId: string; jobId: string };
    const ctx = systemContext();
    const work = () => runBackup(ctx, backupId, attempt);
    await step.run("backup", () => tryNoted({ ctx, jobId, attempt }, work));
  },
);

/** Reads a backup from its first byte to its last. */
export const verifyBackup = inngest.createFunction(
  {
    id: "verify-backup",
    triggers: [{ event: "backup/check-requested" }],
    retries: 3,
    concurrency: [{ limit: 2 }],
    onFailure: async ({ event, step }) => {
      const { backupId, jobId } = event.data.event.data as { backupId: string; jobId: string };
      const why = lastReason(event.data.error);
      await insist(step, "fail", () => failCheck(systemContext(), backupId, jobId, why));
    },
  },
  async ({ event, step, attempt }) => {
    const { backupId, jobId } = event.data as { backupId: string; jobId: string };
    const ctx = systemContext();
    await step.run("verify", () => tryNoted({ ctx, jobId, attempt }, () => runCheck(ctx, backupId, jobId)));
  },
);

/**
 * Every night, at most fifty of those whose last drill is a week ago: restores each user's newest backup for a trial. Each drill is a step of its
 * own, so that a backup that cannot be drilled stops no other.
 */
export const drillBackups = inngest.createFunction(
  { id: "drill-backups", triggers: [{ cron: "41 3 * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step }) => {
    const due = await step.run("due", () => dueDrills(systemContext()));
    for (const id of due) await step.run(`drill-${id}`, () => drillOnce(systemContext(), id));
    return { drilled: due.length };
  },
);
