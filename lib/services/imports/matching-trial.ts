import {
  countByConfidence,
  matchSampleStrictly,
  OPEN_IN_SAMPLE,
  readDoubtful,
  SAMPLE_TABLE,
  type SampledPair,
  takeSample,
} from "@/db/bulk/match-sample";
import { isStaged, stagingTable } from "@/db/bulk/staging";
import { findImport } from "@/db/queries/imports";
import type { MatchingTrial, MatchingTrialView } from "@/lib/contracts/matching";
import { scoreMatch, suggestedAction } from "@/lib/core/matching/score";
import type { MatchRule } from "@/lib/core/matching/types";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { checkedRule } from "@/lib/services/collections/matching";
import type { ServiceContext } from "@/lib/services/context";
import { matchFuzzily } from "./fuzzy";
import { matchRuleOf } from "./match-rule";
import { loadImport } from "./running";

/** Rows looked at: enough for a fair picture, few enough for an answer while a person moves a weight. */
const SAMPLE_ROWS_MAX = 5_000;
const WHOLE = 1000;

/**
 * What a rule would find for an import whose rows have been read: how many rows are new or records already, and the
 * most doubtful pairs with their evidence. Looks at a sample of the rows and at every record; writes nothing.
 * @throws NotFoundError; ConflictError `not-staged` while the file has not been read
 * @throws ValidationError when the rule does not fit the collection, or `matching-too-broad`
 */
export async function tryMatching(
  ctx: ServiceContext,
  id: string,
  trial: MatchingTrial,
): Promise<MatchingTrialView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  const running = await loadImport(ctx, row);
  const rule = trial.rule ? checkedRule(trial.rule, running.target.fields) : matchRuleOf(running);
  if (!(await isStaged(ctx.db.sql, id))) {
    throw new ConflictError("not-staged", "The file has not been read yet, or its rows are no longer kept.");
  }
  return await ctx.db.sql.begin(async (tx) => {
    const { collection } = running;
    const sample = await takeSample(tx, stagingTable(id), SAMPLE_ROWS_MAX);
    const view: MatchingTrialView = {
      mode: trial.mode,
      ...sample,
      records: collection?.recordCount ?? 0,
      new: sample.sampledRows,
      matched: { byId: 0, byKey: 0, fuzzy: 0 },
      suggested: { skip: 0, ask: 0, overwrite: 0 },
      pairs: [],
    };
    if (!collection || trial.mode === "off") return view;
    const strict = await matchSampleStrictly(tx, { ...running, collectionId: collection.id });
    view.matched = { ...strict, fuzzy: 0 };
    if (trial.mode === "fuzzy") {
      await matchFuzzily(tx, {
        stagedTable: SAMPLE_TABLE,
        collectionId: collection.id,
        rule,
        unmappedFields: running.unmappedFields,
        ...OPEN_IN_SAMPLE,
      });
      view.suggested = await countByConfidence(tx, rule.suggest);
      const { skip, ask, overwrite } = view.suggested;
      view.matched.fuzzy = skip + ask + overwrite;
      const pairs = await readDoubtful(tx, collection.id, trial.limit);
      view.pairs = pairs.map((pair) => explained(rule, pair));
    }
    view.new -= view.matched.byId + view.matched.byKey + view.matched.fuzzy;
    return view;
  });
}

function explained(rule: MatchRule, pair: SampledPair): MatchingTrialView["pairs"][number] {
  const { row, incoming, id, version, existing, score, confidence } = pair;
  return {
    row,
    incoming,
    existing: { id, version, data: existing },
    score: score / WHOLE,
    confidence: confidence / WHOLE,
    suggestedAction: suggestedAction(rule, confidence),
    evidence: scoreMatch(rule, incoming, existing).evidence.map((e) => ({
      field: e.field,
      comparator: e.comparator.kind,
      weight: e.weight / WHOLE,
      confidenceWeight: e.confidenceWeight / WHOLE,
      score: e.score / WHOLE,
    })),
  };
}
