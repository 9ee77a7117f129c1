import { IdParams } from "@/lib/contracts/common";
import { ListRecordsQuery, RecordInput } from "@/lib/contracts/records";
import { versionTag } from "@/lib/http/etag";
import { json, route } from "@/lib/http/route";
import { createRecord } from "@/lib/services/records/create";
import { listRecords } from "@/lib/services/records/list";

export const dynamic = "force-dynamic";

export const GET = route({ params: IdParams, query: ListRecordsQuery }, ({ ctx, params, query }) =>
  listRecords(ctx, params.id, query),
);

export const POST = route(
  { params: IdParams, body: RecordInput, idempotent: true },
  async ({ ctx, params, body }) => {
    const record = await createRecord(ctx, params.id, body);
    const location = `/api/v1/collections/${params.id}/records/${record.id}`;
    return json(record, 201, { location, ...versionTag(record.version) });
  },
);
