import { IdParams } from "@/lib/contracts/common";
import { CancelBody } from "@/lib/contracts/imports";
import { json, route } from "@/lib/http/route";
import { cancelJob } from "@/lib/services/jobs/cancel-job";

export const POST = route({ params: IdParams, body: CancelBody }, async ({ ctx, params, body }) => {
  const job = await cancelJob(ctx, params.id, body.leave);
  return json(job, job.state === "cancelled" ? 200 : 202);
});
