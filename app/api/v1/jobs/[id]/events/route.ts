import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { lastEventId, openEventStream } from "@/lib/http/sse";
import { env } from "@/lib/platform/env";
import { watchJob } from "@/lib/services/jobs/watch-jobs";

export const GET = route({ params: IdParams }, ({ ctx, params, request }) =>
  openEventStream(request, { key: `job ${params.id} ${ctx.ownerId}`, max: env().JOB_STREAMS_MAX }, (signal) =>
    watchJob(ctx, params.id, lastEventId(request), signal),
  ),
);
