import { CreateCollection, ListCollectionsQuery } from "@/lib/contracts/collections";
import { json, route } from "@/lib/http/route";
import { createCollection } from "@/lib/services/collections/create";
import { listCollections } from "@/lib/services/collections/list";

export const dynamic = "force-dynamic";

export const GET = route({ query: ListCollectionsQuery }, ({ ctx, query }) => listCollections(ctx, query));

export const POST = route({ body: CreateCollection, idempotent: true }, async ({ ctx, body }) => {
  const collection = await createCollection(ctx, body);
  return json(collection, 201, { location: `/api/v1/collections/${collection.id}` });
});
