import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { deleteExport } from "@/lib/services/exports/delete-export";
import { getExport } from "@/lib/services/exports/get-export";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getExport(ctx, params.id));

export const DELETE = route({ params: IdParams }, async ({ ctx, params }) => {
  await deleteExport(ctx, params.id);
});
