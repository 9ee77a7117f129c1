import { IdParams } from "@/lib/contracts/common";
import { ChangeMappingBody } from "@/lib/contracts/imports";
import { route } from "@/lib/http/route";
import { changeMapping } from "@/lib/services/imports/change-mapping";

export const PUT = route({ params: IdParams, body: ChangeMappingBody }, ({ ctx, params, body }) =>
  changeMapping(ctx, params.id, body),
);
