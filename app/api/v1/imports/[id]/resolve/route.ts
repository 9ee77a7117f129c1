import { IdParams } from "@/lib/contracts/common";
import { ResolveBody } from "@/lib/contracts/review";
import { answerImport } from "@/app/api/v1/imports/answer-import";
import { route } from "@/lib/http/route";
import { resolveImport } from "@/lib/services/imports/resolve";

export const POST = route(
  { params: IdParams, body: ResolveBody, idempotent: true },
  async ({ ctx, params, body, request }) =>
    answerImport(ctx, request, await resolveImport(ctx, params.id, body)),
);
