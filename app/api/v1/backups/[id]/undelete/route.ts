import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { undeleteBackup } from "@/lib/services/backups/delete-backup";

export const POST = route({ params: IdParams }, ({ ctx, params }) => undeleteBackup(ctx, params.id));
