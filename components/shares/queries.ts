import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type {
  CreateShareInput,
  EnterShare,
  NewShare,
  OpenedShare,
  Share,
  ShareAccess,
  SharedDownload,
} from "@/lib/contracts/shares";

/** People they are given to use them meanwhile. */
const POLL_MS = 10_000;
const SHOWN_MAX = 200;

interface SharePage {
  items: Share[];
  nextCursor: string | null;
}

/** The links of an export, newest first. */
export const sharesQuery = (exportId: string) =>
  queryOptions({
    queryKey: ["shares", exportId],
    queryFn: ({ signal }) =>
      api<SharePage>(`/api/v1/exports/${exportId}/shares${query({ limit: SHOWN_MAX })}`, { signal }),
    refetchInterval: POLL_MS,
  });

/** When a link was used, newest first. */
export const accessesQuery = (shareId: string) =>
  queryOptions({
    queryKey: ["share-accesses", shareId],
    queryFn: ({ signal }) =>
      api<{ items: ShareAccess[]; nextCursor: string | null }>(`/api/v1/shares/${shareId}/accesses`, {
        signal,
      }),
    refetchInterval: POLL_MS,
  });

export function useCreateShare(exportId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateShareInput) => api<NewShare>(`/api/v1/exports/${exportId}/shares`, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["shares", exportId] }),
  });
}

export function useRevokeShare({ id, exportId }: Share) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<Share>(`/api/v1/shares/${id}/revoke`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ["shares", exportId] }),
  });
}

/** What a link leads to. Asked once: each answer that shows the file counts as opening the link. */
export const openedQuery = (token: string) =>
  queryOptions({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => openLink({ token }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export function useUnlock() {
  return useMutation({ mutationFn: (entering: EnterShare) => openLink(entering) });
}

export function useBeginDownload() {
  return useMutation({
    mutationFn: (entering: EnterShare) => api<SharedDownload>("/api/v1/shares/downloads", { body: entering }),
  });
}

function openLink(entering: EnterShare, signal?: AbortSignal): Promise<OpenedShare> {
  return api<OpenedShare>("/api/v1/shares/open", { body: entering, ...(signal && { signal }) });
}
