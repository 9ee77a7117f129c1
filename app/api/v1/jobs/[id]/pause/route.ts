import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { refuseControl } from "@/lib/services/jobs/refuse-control";

export const POST = route({ params: IdParams }, ({ ctx, params }) => refuseControl(ctx, params.id, "pause"));
