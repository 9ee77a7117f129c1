import { browserAuth } from "@/lib/auth/browser";

export const dynamic = "force-dynamic";

export { browserAuth as GET, browserAuth as POST };
