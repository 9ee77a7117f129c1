import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import {
  toRule,
  toRuleView,
  type MatchingTrial,
  type MatchingTrialView,
  type MatchingView,
} from "@/lib/contracts/matching";
import type { MatchRule } from "@/lib/core/matching/types";

/** Pairs that a trial shows: enough to see what a weight does, few enough to read. */
const PAIRS_SHOWN = 8;

/** A collection's matching rule, in thousandths: its own, or the one that holds without. */
export const matchingQuery = (collectionId: string) =>
  queryOptions({
    queryKey: ["collections", "matching", collectionId],
    queryFn: async ({ signal }) => ofView(await api<MatchingView>(path(collectionId), { signal })),
  });

/** Stores a rule; null goes back to the standard one. */
export function useSaveMatching(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: MatchRule | null) =>
      rule === null
        ? api<MatchingView | undefined>(path(collectionId), { method: "DELETE" })
        : api<MatchingView | undefined>(path(collectionId), { method: "PUT", body: toRuleView(rule) }),
    onSuccess: () => client.invalidateQueries({ queryKey: matchingQuery(collectionId).queryKey }),
  });
}

/** What matching by a rule would find among the rows of an import that waits for its review; nothing is written. */
export const trialQuery = (importId: string, rule: MatchRule) =>
  queryOptions({
    queryKey: ["imports", importId, "matching-trial", rule],
    queryFn: ({ signal }) => {
      const body: MatchingTrial = { rule: toRuleView(rule), mode: "fuzzy", limit: PAIRS_SHOWN };
      return api<MatchingTrialView>(`/api/v1/imports/${importId}/matching-trial`, { body, signal });
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });

function ofView({ rule, isDefault }: MatchingView): { rule: MatchRule; isDefault: boolean } {
  return { rule: toRule(rule), isDefault };
}

function path(collectionId: string): string {
  return `/api/v1/collections/${collectionId}/matching`;
}
