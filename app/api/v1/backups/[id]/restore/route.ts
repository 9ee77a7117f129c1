import { answerWork } from "@/app/api/v1/restores/answer-restore";
import { IdParams } from "@/lib/contracts/common";
import { RunRestoreBody } from "@/lib/contracts/restores";
import { NotFoundError } from "@/lib/platform/errors";
import { route } from "@/lib/http/route";
import { getBackup } from "@/lib/services/backups/get-backup";
import { runRestore } from "@/lib/services/restores/run-restore";
import { requireRestore } from "@/lib/services/restores/view";

/** Carries out a plan that was made from this backup. */
export const POST = route(
  { params: IdParams, body: RunRestoreBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    await getBackup(ctx, params.id);
    const row = await requireRestore(ctx, body.planId);
    if (row.backupId !== params.id) throw new NotFoundError("restore");
    await runRestore(ctx, row, body);
    return answerWork(ctx, request, row);
  },
);
