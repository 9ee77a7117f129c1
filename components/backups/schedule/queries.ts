import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import type { BackupPolicy, BackupPolicyInput, RetentionPreview } from "@/lib/contracts/backup-policy";

const POLL_MS = 60_000;

/** The schedule and its state. What is overdue becomes so by itself. */
export const policyQuery = queryOptions({
  queryKey: ["backup-policy", "own"],
  queryFn: ({ signal }) => api<BackupPolicy>("/api/v1/backup-policy", { signal }),
  refetchInterval: POLL_MS,
});

/** What a policy would do with the backups of today. The last answer stays until the next one is there. */
export const policyPreviewQuery = (policy: BackupPolicyInput) =>
  queryOptions({
    queryKey: ["backup-policy", "preview", policy],
    queryFn: ({ signal }) =>
      api<RetentionPreview>("/api/v1/backup-policy/preview", { method: "POST", body: policy, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

export function usePutPolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (policy: BackupPolicyInput) =>
      api<BackupPolicy>("/api/v1/backup-policy", { method: "PUT", body: policy }),
    onSuccess: (policy) => client.setQueryData(policyQuery.queryKey, policy),
    onSettled: () => client.invalidateQueries({ queryKey: ["backup-policy", "preview"] }),
  });
}
