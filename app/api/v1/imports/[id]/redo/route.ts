import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import { previewImportRedo, startRedo } from "@/lib/services/imports/redo";
import { undoOutcome } from "@/lib/services/imports/undo";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

export const GET = route({ params: IdParams }, ({ ctx, params }) => previewImportRedo(ctx, params.id));

export const POST = route({ params: IdParams, idempotent: true }, async ({ ctx, params, request }) => {
  const { jobId } = await startRedo(ctx, params.id);
  const seconds = preferWaitSeconds(request);
  if (seconds > 0) await waitForJob(ctx, jobId, seconds);
  const outcome = await undoOutcome(ctx, params.id);
  const headers = { location: `/api/v1/imports/${params.id}`, ...preferenceApplied(seconds) };
  return json(outcome, outcome.state === "redoing" || outcome.state === "undone" ? 202 : 200, headers);
});
