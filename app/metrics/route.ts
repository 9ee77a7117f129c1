import { publicRoute } from "@/lib/http/route";
import { collectMetrics } from "@/lib/services/operation/metrics";

export const dynamic = "force-dynamic";

export const GET = publicRoute({}, async ({ ctx }) => {
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" };
  return new Response(await collectMetrics(ctx), { headers });
});
