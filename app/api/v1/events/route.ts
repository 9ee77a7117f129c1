import { route } from "@/lib/http/route";
import { lastEventId, openEventStream } from "@/lib/http/sse";
import { env } from "@/lib/platform/env";
import { watchUser } from "@/lib/services/jobs/watch-jobs";

export const GET = route({}, ({ ctx, request }) =>
  openEventStream(request, { key: `user ${ctx.ownerId}`, max: env().USER_STREAMS_MAX }, (signal) =>
    watchUser(ctx, lastEventId(request), signal),
  ),
);
