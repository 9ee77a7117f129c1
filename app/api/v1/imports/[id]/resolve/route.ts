import { IdParams } from "@/lib/contracts/common";
import { ResolveBody } from "@/lib/contracts/review";
import { answerImport } from "@/app/api/v1/imports/answer-import";
import { json, route } from "@/lib/http/route";
import { resolveImport } from "@/lib/services/imports/resolve";

export const POST = route(
  { params: IdParams, body: ResolveBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const view = await resolveImport(ctx, params.id, body);
    // Who only keeps decisions does not ask to go on: what is still open stands in the counts.
    return body.apply === false ? json(view) : answerImport(ctx, request, view);
  },
);
