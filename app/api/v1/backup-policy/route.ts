import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { route } from "@/lib/http/route";
import { getPolicy } from "@/lib/services/backup-policy/get-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";

export const GET = route({}, ({ ctx }) => getPolicy(ctx));

export const PUT = route({ body: BackupPolicyBody }, ({ ctx, body }) => putPolicy(ctx, body));
