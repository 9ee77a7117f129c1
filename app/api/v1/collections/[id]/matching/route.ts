import { IdParams } from "@/lib/contracts/common";
import { MatchRuleShape } from "@/lib/contracts/matching";
import { route } from "@/lib/http/route";
import { getMatching, resetMatching, saveMatching } from "@/lib/services/collections/matching";

export const dynamic = "force-dynamic";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getMatching(ctx, params.id));

export const PUT = route({ params: IdParams, body: MatchRuleShape }, ({ ctx, params, body }) =>
  saveMatching(ctx, params.id, body),
);

export const DELETE = route({ params: IdParams }, ({ ctx, params }) => resetMatching(ctx, params.id));
