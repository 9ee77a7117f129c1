import { answerWork } from "@/app/api/v1/restores/answer-restore";
import { IdParams } from "@/lib/contracts/common";
import { RunPlanBody } from "@/lib/contracts/restores";
import { route } from "@/lib/http/route";
import { runRestore } from "@/lib/services/restores/run-restore";
import { requireRestore } from "@/lib/services/restores/view";

export const POST = route(
  { params: IdParams, body: RunPlanBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const row = await requireRestore(ctx, params.id);
    await runRestore(ctx, row, body);
    return answerWork(ctx, request, row);
  },
);
