import { ImportPageQuery, MultipartOptions, StartImportBody } from "@/lib/contracts/imports";
import { answerImport } from "@/app/api/v1/imports/answer-import";
import { readFileForm } from "@/lib/http/multipart";
import { isMultipart, route } from "@/lib/http/route";
import { createImport } from "@/lib/services/imports/create";
import { listImportViews } from "@/lib/services/imports/view";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";

const FORM_FILE_BYTES_MAX = 50 * 1024 * 1024;

export const GET = route({ query: ImportPageQuery }, ({ ctx, query }) => listImportViews(ctx, query));

export const POST = route(
  { body: StartImportBody, idempotent: true, multipart: true },
  async ({ ctx, body, request }) => {
    if (!isMultipart(request)) return await answerImport(ctx, request, await createImport(ctx, body));
    const form = await readFileForm(request, FORM_FILE_BYTES_MAX, (file) =>
      createUploadFromStream(ctx, { ...file, bytesMax: FORM_FILE_BYTES_MAX }),
    );
    const input = StartImportBody.parse({ ...MultipartOptions.parse(form.options), uploadId: form.file.id });
    return await answerImport(ctx, request, await createImport(ctx, input));
  },
);
