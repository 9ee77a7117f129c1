import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { applyRetention } from "@/lib/services/backup-policy/apply-retention";
import { requestDueRuns, runScheduled } from "@/lib/services/backup-policy/run-due";
import { tellTrouble } from "@/lib/services/backup-policy/tell-trouble";
import { tellRestores } from "@/lib/services/notifications/tell-restores";

/** Every five minutes: one event for each user whose backup is due. */
export const fanOutBackups = inngest.createFunction(
  { id: "fan-out-backups", triggers: [{ cron: "*/5 * * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step }) => ({ requested: await step.run("request", () => requestDueRuns(systemContext())) }),
);

/** One user's run. */
export const startScheduledBackup = inngest.createFunction(
  {
    id: "start-scheduled-backup",
    triggers: [{ event: "backup/scheduled" }],
    retries: 3,
    concurrency: [{ limit: 1, key: "event.data.ownerId" }],
  },
  async ({ event, step }) => {
    const { ownerId, runAt } = event.data as { ownerId: string; runAt: string };
    const ask = () => runScheduled({ ...systemContext(), ownerId }, new Date(runAt));
    return { backupId: await step.run("ask", ask) };
  },
);

/**
 * Every five minutes: tells of scheduled backups that failed or are late, of unsound ones, and when that is over; and of
 * restores that ended while nobody may have looked.
 */
export const tellBackupTrouble = inngest.createFunction(
  { id: "tell-backup-trouble", triggers: [{ cron: "*/5 * * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step }) => {
    const told = await step.run("tell", () => tellTrouble(systemContext()));
    const restores = await step.run("tell-restores", () => tellRestores(systemContext()));
    return { told, restores };
  },
);

/** Every hour: marks what no policy keeps as deleted. */
export const applyBackupRetention = inngest.createFunction(
  {
    id: "apply-backup-retention",
    triggers: [{ cron: "47 * * * *" }],
    retries: 3,
    concurrency: [{ limit: 1 }],
  },
  async ({ step }) => ({ removed: await step.run("apply", () => applyRetention(systemContext())) }),
);
