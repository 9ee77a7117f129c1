import { answerPlan } from "@/app/api/v1/restores/answer-restore";
import { IdParams } from "@/lib/contracts/common";
import { PreviewRestoreBody } from "@/lib/contracts/restores";
import { route } from "@/lib/http/route";
import { previewBackup } from "@/lib/services/restores/preview";

export const POST = route(
  { params: IdParams, body: PreviewRestoreBody, idempotent: true },
  async ({ ctx, params, body }) =>
    answerPlan(ctx, await previewBackup(ctx, params.id, body), body.waitSeconds),
);
