import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { route } from "@/lib/http/route";
import { previewPolicy } from "@/lib/services/backup-policy/preview-policy";

export const POST = route({ body: BackupPolicyBody }, ({ ctx, body }) => previewPolicy(ctx, body));
