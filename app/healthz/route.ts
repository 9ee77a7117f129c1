import { publicRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

/** The process answers; nothing else is asked. */
export const GET = publicRoute({}, () => ({ status: "ok" }));
