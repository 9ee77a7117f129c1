import { IdParams } from "@/lib/contracts/common";
import { BeginImportBody } from "@/lib/contracts/imports";
import { answerImport } from "@/app/api/v1/imports/answer-import";
import { route } from "@/lib/http/route";
import { beginImport } from "@/lib/services/imports/begin";

export const POST = route(
  { params: IdParams, body: BeginImportBody, idempotent: true },
  async ({ ctx, params, body, request }) =>
    answerImport(ctx, request, await beginImport(ctx, params.id, body)),
);
