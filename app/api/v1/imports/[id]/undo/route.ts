import { IdParams } from "@/lib/contracts/common";
import { UndoBody } from "@/lib/contracts/imports";
import { json, route } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import { previewImportUndo, startUndo, undoOutcome } from "@/lib/services/imports/undo";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

export const GET = route({ params: IdParams }, ({ ctx, params }) => previewImportUndo(ctx, params.id));

export const POST = route(
  { params: IdParams, body: UndoBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const { jobId } = await startUndo(ctx, params.id, body);
    const seconds = preferWaitSeconds(request);
    if (seconds > 0) await waitForJob(ctx, jobId, seconds);
    const outcome = await undoOutcome(ctx, params.id);
    const headers = { location: `/api/v1/imports/${params.id}`, ...preferenceApplied(seconds) };
    return json(outcome, outcome.state === "undone" ? 200 : 202, headers);
  },
);
