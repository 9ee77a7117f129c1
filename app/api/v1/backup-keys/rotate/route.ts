import { route } from "@/lib/http/route";
import { rotateKey } from "@/lib/services/backups/keys";
import { listKeys } from "@/lib/services/backups/list-keys";

/** Answers the keys as they are then: public halves only, since answers are kept for repeated requests. */
export const POST = route({ idempotent: true }, async ({ ctx }) => {
  await rotateKey(ctx);
  return listKeys(ctx);
});
