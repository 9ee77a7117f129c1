import { CheckBackupBody } from "@/lib/contracts/backups";
import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

/** `jobId` is that of the verification; what it found is in `lastVerified`. */
export const POST = route(
  { params: IdParams, body: CheckBackupBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const seconds = preferWaitSeconds(request);
    const asked = await checkBackup(ctx, params.id, body);
    const jobId = asked.checkJobId ?? asked.jobId;
    const job = seconds > 0 ? await waitForJob(ctx, jobId, seconds) : undefined;
    const working = job === undefined || job.finishedAt === null;
    const headers = { location: `/api/v1/jobs/${jobId}`, ...preferenceApplied(seconds) };
    return json({ ...(await getBackup(ctx, params.id)), jobId }, working ? 202 : 200, headers);
  },
);
