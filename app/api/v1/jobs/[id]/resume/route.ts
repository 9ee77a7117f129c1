import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { resumeJob } from "@/lib/services/jobs/resume-job";

export const POST = route({ params: IdParams }, async ({ ctx, params }) =>
  json(await resumeJob(ctx, params.id), 202),
);
