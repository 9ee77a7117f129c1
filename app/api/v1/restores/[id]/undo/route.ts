import { answerWork } from "@/app/api/v1/restores/answer-restore";
import { IdParams } from "@/lib/contracts/common";
import { RestoreUndoBody } from "@/lib/contracts/restores";
import { route } from "@/lib/http/route";
import { previewRestoreUndo, startRestoreRun } from "@/lib/services/restores/undo";
import { requireRestore } from "@/lib/services/restores/view";

export const GET = route({ params: IdParams }, async ({ ctx, params }) =>
  previewRestoreUndo(ctx, await requireRestore(ctx, params.id)),
);

export const POST = route(
  { params: IdParams, body: RestoreUndoBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const row = await requireRestore(ctx, params.id);
    return answerWork(ctx, request, await startRestoreRun(ctx, row, "undo", body));
  },
);
