import { CreateBackupBody, ListBackupsQuery } from "@/lib/contracts/backups";
import { json, route } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import { createBackup } from "@/lib/services/backups/create-backup";
import { getBackup, listBackups } from "@/lib/services/backups/get-backup";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

export const GET = route({ query: ListBackupsQuery }, ({ ctx, query }) => listBackups(ctx, query));

export const POST = route({ body: CreateBackupBody, idempotent: true }, async ({ ctx, body, request }) => {
  const seconds = preferWaitSeconds(request);
  let made = await createBackup(ctx, body);
  if (seconds > 0) {
    await waitForJob(ctx, made.jobId, seconds);
    made = await getBackup(ctx, made.id);
  }
  const working = made.state === "pending" || made.state === "processing";
  const headers = { location: `/api/v1/backups/${made.id}`, ...preferenceApplied(seconds) };
  return json(made, working ? 202 : 200, headers);
});
