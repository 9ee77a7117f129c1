import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { cancelRestore } from "@/lib/services/restores/cancel";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getRestore(ctx, params.id));

/** Discards a plan, or cancels a restore. */
export const DELETE = route({ params: IdParams }, async ({ ctx, params }) => {
  await cancelRestore(ctx, await requireRestore(ctx, params.id));
  return getRestore(ctx, params.id);
});
