import { IdParams } from "@/lib/contracts/common";
import { RowsQuery } from "@/lib/contracts/imports";
import { route } from "@/lib/http/route";
import { listRows } from "@/lib/services/imports/rows";

export const GET = route({ params: IdParams, query: RowsQuery }, ({ ctx, params, query }) =>
  listRows(ctx, params.id, query),
);
