import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type {
  Notification,
  NotificationPage,
  NotificationPreferences,
  NotificationPreferencesInput,
} from "@/lib/contracts/notifications";

const PAGE = 30;
const LATEST = 6;
const UNREAD = 10;

const ask = (wanted: { limit: number; cursor?: string; unread?: string }, signal: AbortSignal) =>
  api<NotificationPage>(`/api/v1/notifications${query(wanted)}`, { signal });

/** What the user has not read, newest first, and how much that is. */
export const unreadNotifications = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: ({ signal }) => ask({ unread: "true", limit: UNREAD }, signal),
});

/** The newest ones, read or not. */
export const latestNotifications = queryOptions({
  queryKey: ["notifications", "latest"],
  queryFn: ({ signal }) => ask({ limit: LATEST }, signal),
});

export const notificationsQuery = infiniteQueryOptions({
  queryKey: ["notifications", "list"],
  queryFn: ({ signal, pageParam }) => ask({ limit: PAGE, cursor: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

export function useReadNotification() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<Notification>(`/api/v1/notifications/${id}/read`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}

/** Marks all as read, up to the newest one that was seen. */
export function useReadNotifications() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (upTo: string) => api<{ read: number }>("/api/v1/notifications/read", { body: { upTo } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}

export const preferencesQuery = queryOptions({
  queryKey: ["notification-preferences"],
  queryFn: ({ signal }) => api<NotificationPreferences>("/api/v1/notification-preferences", { signal }),
});

/** One after another: the last choice is what stays. */
export function usePutPreferences() {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "notification-preferences" },
    mutationFn: (body: NotificationPreferencesInput) =>
      api<NotificationPreferences>("/api/v1/notification-preferences", { method: "PUT", body }),
    onSuccess: (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
  });
}
