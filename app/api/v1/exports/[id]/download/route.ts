import { authenticate } from "@/lib/auth/authenticate";
import { IdParams } from "@/lib/contracts/common";
import { DownloadQuery } from "@/lib/contracts/exports";
import { fileDownload } from "@/lib/http/file-download";
import { publicRoute } from "@/lib/http/route";
import { UnauthorizedError } from "@/lib/platform/errors";
import { linkRefusal } from "@/lib/services/exports/download-link";
import { openDownload, openLinkedDownload } from "@/lib/services/exports/open-download";

/** By a signed link, or by who asks: an old link in a page of one's own still leads to the file. */
export const GET = publicRoute(
  { params: IdParams, query: DownloadQuery },
  async ({ ctx, params, query, request }) => {
    const refusal = linkRefusal(params.id, query, ctx.now());
    if (!refusal) return fileDownload(request, await openLinkedDownload(ctx, params.id));
    const { ownerId } = await authenticate(request).catch((error: unknown) => {
      throw query.signature !== undefined && error instanceof UnauthorizedError ? refusal : error;
    });
    return fileDownload(request, await openDownload({ ...ctx, ownerId }, params.id));
  },
);
