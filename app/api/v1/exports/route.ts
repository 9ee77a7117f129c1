import { CreateExportBody, ListExportsQuery } from "@/lib/contracts/exports";
import { json, route } from "@/lib/http/route";
import { preferenceApplied, preferWaitSeconds } from "@/lib/http/wait";
import { createExport } from "@/lib/services/exports/create-export";
import { getExport, listExports } from "@/lib/services/exports/get-export";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

export const GET = route({ query: ListExportsQuery }, ({ ctx, query }) => listExports(ctx, query));

export const POST = route({ body: CreateExportBody, idempotent: true }, async ({ ctx, body, request }) => {
  const seconds = preferWaitSeconds(request);
  let made = await createExport(ctx, body);
  if (seconds > 0) {
    await waitForJob(ctx, made.jobId, seconds);
    made = await getExport(ctx, made.id);
  }
  const working = made.state === "pending" || made.state === "processing";
  const headers = { location: `/api/v1/exports/${made.id}`, ...preferenceApplied(seconds) };
  return json(made, working ? 202 : 200, headers);
});
