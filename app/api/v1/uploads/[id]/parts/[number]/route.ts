import { PartParams, PartUrlQuery } from "@/lib/contracts/uploads";
import { bodyOf, lengthOf } from "@/lib/http/body";
import { publicRoute } from "@/lib/http/route";
import { checkPartUrl } from "@/lib/http/upload-url";
import { storePart } from "@/lib/services/uploads/store-part";

// The signature in the address is the permission: no session is needed.
export const PUT = publicRoute(
  { params: PartParams, query: PartUrlQuery },
  async ({ ctx, params, query, request }) => {
    checkPartUrl(params, query, ctx.now());
    const part = {
      uploadId: params.id,
      number: params.number,
      body: bodyOf(request),
      contentLength: lengthOf(request),
    };
    const { etag } = await storePart(ctx, part);
    return new Response(null, { status: 200, headers: { etag } });
  },
);
