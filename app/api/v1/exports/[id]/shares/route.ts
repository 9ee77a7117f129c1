import { IdParams } from "@/lib/contracts/common";
import { CreateShareBody, ListSharesQuery } from "@/lib/contracts/shares";
import { json, route } from "@/lib/http/route";
import { createShare } from "@/lib/services/shares/create-share";
import { listShares } from "@/lib/services/shares/get-share";

export const GET = route({ params: IdParams, query: ListSharesQuery }, ({ ctx, params, query }) =>
  listShares(ctx, params.id, query),
);

/** Holds the token: never idempotent, since answers of those are kept. */
export const POST = route({ params: IdParams, body: CreateShareBody }, async ({ ctx, params, body }) => {
  const made = await createShare(ctx, params.id, body);
  return json(made, 201, { location: `/api/v1/shares/${made.id}` });
});
