import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import type { MatchRule } from "@/lib/core/matching/types";

interface CollectionMatching {
  rule: MatchRule;
  isOwn: boolean;
}

/** A collection's matching rule: its own, or what its template comes with. */
export const matchingQuery = (collectionId: string) =>
  queryOptions({
    queryKey: ["collections", "matching", collectionId],
    queryFn: ({ signal }) =>
      api<CollectionMatching>(`/api/v1/collections/${collectionId}/matching`, { signal }),
  });

/** Stores a rule; null goes back to the standard one. */
export function useSaveMatching(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: MatchRule | null) => {
      const path = `/api/v1/collections/${collectionId}/matching`;
      return rule === null
        ? api<CollectionMatching>(path, { method: "DELETE" })
        : api<CollectionMatching>(path, { method: "PUT", body: rule });
    },
    onSuccess: async (saved) => {
      if (saved) client.setQueryData(matchingQuery(collectionId).queryKey, saved);
      await client.invalidateQueries({ queryKey: matchingQuery(collectionId).queryKey });
    },
  });
}
