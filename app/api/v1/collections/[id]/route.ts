import { UpdateCollection } from "@/lib/contracts/collections";
import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { deleteCollection } from "@/lib/services/collections/delete";
import { getCollection } from "@/lib/services/collections/get";
import { updateCollection } from "@/lib/services/collections/update";

export const dynamic = "force-dynamic";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getCollection(ctx, params.id));

export const PATCH = route({ params: IdParams, body: UpdateCollection }, ({ ctx, params, body }) =>
  updateCollection(ctx, params.id, body),
);

export const DELETE = route({ params: IdParams }, async ({ ctx, params }) => {
  await deleteCollection(ctx, params.id);
  return null;
});
