import { ListRestoresQuery, PreviewUploadedBody } from "@/lib/contracts/restores";
import { route } from "@/lib/http/route";
import { previewUploaded } from "@/lib/services/restores/preview";
import { listRestores } from "@/lib/services/restores/view";
import { answerPlan } from "./answer-restore";

export const GET = route({ query: ListRestoresQuery }, ({ ctx, query }) => listRestores(ctx, query));

export const POST = route({ body: PreviewUploadedBody, idempotent: true }, async ({ ctx, body }) =>
  answerPlan(ctx, await previewUploaded(ctx, body), body.waitSeconds),
);
