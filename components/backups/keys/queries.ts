import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/components/api";
import type { BackupKeys, EmergencyKit } from "@/lib/contracts/backup-keys";

export const keysQuery = queryOptions({
  queryKey: ["backup-keys"],
  queryFn: ({ signal }) => api<BackupKeys>("/api/v1/backup-keys", { signal }),
});

export function useRotateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<BackupKeys>("/api/v1/backup-keys/rotate", { method: "POST" }),
    onSuccess: (keys) => client.setQueryData(keysQuery.queryKey, keys),
  });
}

/** The answer holds secret keys: it is forgotten with the page that shows it. */
export function useOpenKit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (password: string) =>
      api<EmergencyKit>("/api/v1/backup-keys/emergency-kit", { body: { password } }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}
