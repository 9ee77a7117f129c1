import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { getExport } from "@/lib/services/exports/get-export";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getExport(ctx, params.id));
