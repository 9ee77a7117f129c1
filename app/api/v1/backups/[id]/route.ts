import { DeleteBackupQuery } from "@/lib/contracts/backups";
import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { deleteBackup } from "@/lib/services/backups/delete-backup";
import { getBackup } from "@/lib/services/backups/get-backup";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getBackup(ctx, params.id));

/** Answers the backup as it is now: marked, and until when it can be taken back. */
export const DELETE = route({ params: IdParams, query: DeleteBackupQuery }, ({ ctx, params, query }) =>
  deleteBackup(ctx, params.id, query),
);
