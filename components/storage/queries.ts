import { queryOptions, useMutation } from "@tanstack/react-query";
import { api } from "@/components/api";
import type { StorageInfo, StorageTest } from "@/lib/contracts/storage";

export const storageQuery = queryOptions({
  queryKey: ["storage"],
  queryFn: ({ signal }) => api<StorageInfo>("/api/v1/storage", { signal }),
});

export function useTestStorage() {
  return useMutation({ mutationFn: () => api<StorageTest>("/api/v1/storage/test", { method: "POST" }) });
}
