import { CreateUploadBody } from "@/lib/contracts/uploads";
import { json, route } from "@/lib/http/route";
import { withPartUrls } from "@/lib/http/upload-url";
import { createUpload } from "@/lib/services/uploads/create-upload";

export const POST = route({ body: CreateUploadBody, idempotent: true }, async ({ ctx, body, request }) => {
  const upload = withPartUrls(await createUpload(ctx, body), request);
  return json(upload, 201, { location: `/api/v1/uploads/${upload.id}` });
});
