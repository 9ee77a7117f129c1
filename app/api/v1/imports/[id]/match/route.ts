import { answerImport } from "@/app/api/v1/imports/answer-import";
import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { matchAgain } from "@/lib/services/imports/match-again";

export const POST = route({ params: IdParams, idempotent: true }, async ({ ctx, params, request }) =>
  answerImport(ctx, request, await matchAgain(ctx, params.id)),
);
