import { RevertBody } from "@/lib/contracts/record-history";
import { RecordParams } from "@/lib/contracts/records";
import { ifMatchVersions, versionTag } from "@/lib/http/etag";
import { json, route } from "@/lib/http/route";
import { revertRecord } from "@/lib/services/records/revert";

export const dynamic = "force-dynamic";

export const POST = route(
  { params: RecordParams, body: RevertBody, idempotent: true },
  async ({ ctx, params, body, request }) => {
    const place = { collectionId: params.id, recordId: params.recordId };
    const record = await revertRecord(ctx, place, { to: body, expected: ifMatchVersions(request) });
    return json(record, 200, versionTag(record.version));
  },
);
