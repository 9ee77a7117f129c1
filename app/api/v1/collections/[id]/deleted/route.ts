import { IdParams } from "@/lib/contracts/common";
import { DeletedQuery } from "@/lib/contracts/deleted-records";
import { route } from "@/lib/http/route";
import { listDeleted } from "@/lib/services/records/list-deleted";

export const dynamic = "force-dynamic";

export const GET = route({ params: IdParams, query: DeletedQuery }, ({ ctx, params, query }) =>
  listDeleted(ctx, params.id, query),
);
