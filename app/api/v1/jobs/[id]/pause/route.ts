import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { pauseJob } from "@/lib/services/jobs/pause-job";

export const POST = route({ params: IdParams }, async ({ ctx, params }) => {
  const job = await pauseJob(ctx, params.id);
  return json(job, job.state === "paused" ? 200 : 202);
});
