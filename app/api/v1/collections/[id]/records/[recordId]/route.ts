import { RecordInput, RecordParams } from "@/lib/contracts/records";
import { ifMatchVersions, versionTag } from "@/lib/http/etag";
import { json, route } from "@/lib/http/route";
import { deleteRecord } from "@/lib/services/records/delete";
import { getRecord } from "@/lib/services/records/get";
import { updateRecord } from "@/lib/services/records/update";

export const dynamic = "force-dynamic";

export const GET = route({ params: RecordParams }, async ({ ctx, params }) => {
  const record = await getRecord(ctx, { collectionId: params.id, recordId: params.recordId });
  return json(record, 200, versionTag(record.version));
});

export const PATCH = route(
  { params: RecordParams, body: RecordInput },
  async ({ ctx, params, body, request }) => {
    const place = { collectionId: params.id, recordId: params.recordId };
    const record = await updateRecord(ctx, place, { data: body.data, expected: ifMatchVersions(request) });
    return json(record, 200, versionTag(record.version));
  },
);

export const DELETE = route({ params: RecordParams }, async ({ ctx, params, request }) => {
  await deleteRecord(ctx, { collectionId: params.id, recordId: params.recordId }, ifMatchVersions(request));
  return null;
});
