import { answerWork } from "@/app/api/v1/restores/answer-restore";
import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { previewRestoreRedo, startRestoreRun } from "@/lib/services/restores/undo";
import { requireRestore } from "@/lib/services/restores/view";

export const GET = route({ params: IdParams }, async ({ ctx, params }) =>
  previewRestoreRedo(ctx, await requireRestore(ctx, params.id)),
);

export const POST = route({ params: IdParams, idempotent: true }, async ({ ctx, params, request }) => {
  const row = await requireRestore(ctx, params.id);
  return answerWork(ctx, request, await startRestoreRun(ctx, row, "redo"));
});
