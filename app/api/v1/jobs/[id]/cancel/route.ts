import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { cancelJob } from "@/lib/services/jobs/cancel-job";

export const POST = route({ params: IdParams }, async ({ ctx, params }) => {
  const job = await cancelJob(ctx, params.id);
  return json(job, job.state === "cancelled" ? 200 : 202);
});
