import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { withPartUrls } from "@/lib/http/upload-url";
import { getUpload } from "@/lib/services/uploads/get-upload";
import { removeUpload } from "@/lib/services/uploads/remove-upload";

export const GET = route({ params: IdParams }, async ({ ctx, params, request }) =>
  withPartUrls(await getUpload(ctx, params.id), request),
);

export const DELETE = route({ params: IdParams }, async ({ ctx, params }) => {
  await removeUpload(ctx, params.id);
  return null;
});
