import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { getImport } from "@/lib/services/imports/view";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getImport(ctx, params.id));
