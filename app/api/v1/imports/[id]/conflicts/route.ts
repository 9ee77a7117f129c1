import { IdParams } from "@/lib/contracts/common";
import { ConflictsQuery } from "@/lib/contracts/review";
import { route } from "@/lib/http/route";
import { listConflicts } from "@/lib/services/imports/conflicts";

export const GET = route({ params: IdParams, query: ConflictsQuery }, ({ ctx, params, query }) =>
  listConflicts(ctx, params.id, query),
);
