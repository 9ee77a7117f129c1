import { IdParams } from "@/lib/contracts/common";
import { PreviewQuery } from "@/lib/contracts/imports";
import { route } from "@/lib/http/route";
import { previewImport } from "@/lib/services/imports/preview";

export const GET = route({ params: IdParams, query: PreviewQuery }, ({ ctx, params, query }) =>
  previewImport(ctx, params.id, query.limit),
);
