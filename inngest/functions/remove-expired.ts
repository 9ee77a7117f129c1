import { inngest } from "@/inngest/client";
import { systemContext } from "@/lib/composition/context";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import { removeExpiredExports } from "@/lib/services/exports/remove-expired";
import { removeExpiredImports } from "@/lib/services/imports/expire";
import { removeOldJobs } from "@/lib/services/jobs/remove-old-jobs";
import { forgetExpiredRestores } from "@/lib/services/restores/forget-expired";
import { removeEndedShares } from "@/lib/services/shares/remove-ended";
import { removeAbandonedUploads } from "@/lib/services/uploads/remove-upload";

/** Clears away whatever is past its time, every hour. Each kind is its own step, side by side: one that fails stops no other. */
export const removeExpired = inngest.createFunction(
  { id: "remove-expired", triggers: [{ cron: "17 * * * *" }], retries: 3, concurrency: [{ limit: 1 }] },
  async ({ step }) => {
    const ctx = systemContext();
    const [imports, uploads, exports, shares, backups, restores, jobs] = await Promise.all([
      step.run("imports", () => removeExpiredImports(ctx)),
      step.run("uploads", () => removeAbandonedUploads(ctx)),
      step.run("exports", () => removeExpiredExports(ctx)),
      step.run("shares", () => removeEndedShares(ctx)),
      step.run("backups", () => removeDeletedBackups(ctx)),
      step.run("restores", () => forgetExpiredRestores(ctx)),
      step.run("jobs", () => removeOldJobs(ctx)),
    ]);
    return { imports, uploads, exports, shares, backups, restores, jobs };
  },
);
