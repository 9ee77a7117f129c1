import { FixRowBody, RowParams } from "@/lib/contracts/imports";
import { route } from "@/lib/http/route";
import { fixRow } from "@/lib/services/imports/fix-row";

export const PATCH = route({ params: RowParams, body: FixRowBody }, ({ ctx, params, body }) =>
  fixRow(ctx, params.id, params.number, body),
);
