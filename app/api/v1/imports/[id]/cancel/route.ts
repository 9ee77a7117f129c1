import { IdParams } from "@/lib/contracts/common";
import { json, route } from "@/lib/http/route";
import { cancelImport } from "@/lib/services/imports/cancel";

export const POST = route({ params: IdParams, idempotent: true }, async ({ ctx, params }) => {
  const view = await cancelImport(ctx, params.id);
  return json(view, view.state === "cancelled" ? 200 : 202, { location: `/api/v1/imports/${view.id}` });
});
