import { EnterShareBody } from "@/lib/contracts/shares";
import { json, publicRoute } from "@/lib/http/route";
import { beginDownload } from "@/lib/services/shares/shared-download";

export const POST = publicRoute({ body: EnterShareBody }, async ({ ctx, body }) =>
  json(await beginDownload(ctx, body), 201),
);
