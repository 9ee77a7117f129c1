import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { takeStream } from "@/lib/http/sse-limit";
import { env } from "@/lib/platform/env";
import { watchJob } from "@/lib/services/jobs/watch-jobs";

export const GET = route({ params: IdParams }, async ({ ctx, params, request }) => {
  const release = await takeStream(`job ${params.id} ${ctx.ownerId}`, env().JOB_STREAMS_MAX);
  return openStream(request, release, (signal) => watchJob(ctx, params.id, lastEventId(request), signal));
});
