import { IdParams } from "@/lib/contracts/common";
import { DirectExportQuery } from "@/lib/contracts/exports";
import { liveDownload } from "@/lib/http/file-download";
import { route } from "@/lib/http/route";
import { takeStream } from "@/lib/http/sse-limit";
import { streamCollection } from "@/lib/services/exports/stream-collection";

/** Each holds a database connection of this process. */
const AT_ONCE_MAX = 4;

export const GET = route({ params: IdParams, query: DirectExportQuery }, async ({ ctx, params, query }) => {
  const file = await streamCollection(ctx, params.id, query);
  return liveDownload(file, await takeStream("direct exports", AT_ONCE_MAX));
});
