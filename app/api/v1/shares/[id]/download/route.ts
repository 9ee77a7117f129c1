import { IdParams } from "@/lib/contracts/common";
import { SharedDownloadQuery } from "@/lib/contracts/shares";
import { fileDownload } from "@/lib/http/file-download";
import { publicRoute } from "@/lib/http/route";
import { openSharedDownload } from "@/lib/services/shares/shared-download";

/** By the signed address of a download that was begun, and by nothing else. */
export const GET = publicRoute(
  { params: IdParams, query: SharedDownloadQuery },
  async ({ ctx, params, query, request }) =>
    fileDownload(request, await openSharedDownload(ctx, params.id, query)),
);
