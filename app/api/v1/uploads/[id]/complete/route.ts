import { IdParams } from "@/lib/contracts/common";
import { CompleteUploadBody } from "@/lib/contracts/uploads";
import { route } from "@/lib/http/route";
import { completeUpload } from "@/lib/services/uploads/complete-upload";

export const POST = route({ params: IdParams, body: CompleteUploadBody }, ({ ctx, params, body }) =>
  completeUpload(ctx, params.id, body.parts),
);
