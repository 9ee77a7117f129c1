import { answerImport } from "@/app/api/v1/imports/answer-import";
import { IdParams } from "@/lib/contracts/common";
import { RetryJobBody } from "@/lib/contracts/jobs";
import { route } from "@/lib/http/route";
import { retryJob } from "@/lib/services/jobs/retry-job";

export const POST = route(
  { params: IdParams, body: RetryJobBody, idempotent: true },
  async ({ ctx, params, body, request }) => answerImport(ctx, request, await retryJob(ctx, params.id, body)),
);
