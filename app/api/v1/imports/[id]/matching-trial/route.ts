import { IdParams } from "@/lib/contracts/common";
import { MatchingTrialBody } from "@/lib/contracts/matching";
import { route } from "@/lib/http/route";
import { tryMatching } from "@/lib/services/imports/matching-trial";

export const POST = route({ params: IdParams, body: MatchingTrialBody }, ({ ctx, params, body }) =>
  tryMatching(ctx, params.id, body),
);
