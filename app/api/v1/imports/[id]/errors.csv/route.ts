import { IdParams } from "@/lib/contracts/common";
import { textDownload } from "@/lib/http/download";
import { route } from "@/lib/http/route";
import { errorsCsv } from "@/lib/services/imports/errors-csv";

export const GET = route({ params: IdParams }, async ({ ctx, params }) => {
  const { fileName, lines } = await errorsCsv(ctx, params.id);
  return textDownload(fileName, "text/csv; charset=utf-8", lines);
});
