import { HistoryQuery } from "@/lib/contracts/record-history";
import { RecordParams } from "@/lib/contracts/records";
import { route } from "@/lib/http/route";
import { getRecordHistory } from "@/lib/services/records/history";

export const dynamic = "force-dynamic";

export const GET = route({ params: RecordParams, query: HistoryQuery }, ({ ctx, params, query }) =>
  getRecordHistory(ctx, { collectionId: params.id, recordId: params.recordId }, query),
);
