import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { getJob } from "@/lib/services/jobs/get-job";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getJob(ctx, params.id));
