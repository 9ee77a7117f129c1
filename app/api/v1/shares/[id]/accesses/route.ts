import { IdParams } from "@/lib/contracts/common";
import { ListSharesQuery } from "@/lib/contracts/shares";
import { route } from "@/lib/http/route";
import { listAccesses } from "@/lib/services/shares/get-share";

export const GET = route({ params: IdParams, query: ListSharesQuery }, ({ ctx, params, query }) =>
  listAccesses(ctx, params.id, query),
);
