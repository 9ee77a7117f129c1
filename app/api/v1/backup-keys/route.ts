import { route } from "@/lib/http/route";
import { listKeys } from "@/lib/services/backups/list-keys";

export const GET = route({}, ({ ctx }) => listKeys(ctx));
