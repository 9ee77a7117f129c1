import { IdParams } from "@/lib/contracts/common";
import { fileDownload } from "@/lib/http/file-download";
import { route } from "@/lib/http/route";
import { openDownload } from "@/lib/services/backups/open-download";

export const GET = route({ params: IdParams }, async ({ ctx, params, request }) =>
  fileDownload(request, await openDownload(ctx, params.id)),
);
