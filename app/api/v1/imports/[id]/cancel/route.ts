import { IdParams } from "@/lib/contracts/common";
import { CancelBody } from "@/lib/contracts/imports";
import { json, route } from "@/lib/http/route";
import { cancelImport } from "@/lib/services/imports/cancel";

export const POST = route(
  { params: IdParams, body: CancelBody, idempotent: true },
  async ({ ctx, params, body }) => {
    const view = await cancelImport(ctx, params.id, body.leave);
    return json(view, view.state === "cancelled" ? 200 : 202, { location: `/api/v1/imports/${view.id}` });
  },
);
