import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Notification } from "@/lib/contracts/notifications";

const LOOK_AGAIN_MS = 30_000;

/** What the user was told and has not closed, newest first. */
export const unreadNotifications = () =>
  queryOptions({
    queryKey: ["notifications", "unread"],
    queryFn: ({ signal }) =>
      api<{ items: Notification[] }>(`/api/v1/notifications${query({ unread: "true", limit: 10 })}`, {
        signal,
      }),
    refetchInterval: LOOK_AGAIN_MS,
  });

export function useReadNotification() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Notification>(`/api/v1/notifications/${id}/read`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
