import { json, publicRoute } from "@/lib/http/route";
import { checkReadiness } from "@/lib/services/operation/readiness";

export const dynamic = "force-dynamic";

export const GET = publicRoute({}, async ({ ctx }) => {
  const readiness = await checkReadiness(ctx);
  return json(readiness, readiness.status === "ok" ? 200 : 503);
});
