"use client";

import { Button, EmptyState, Paper, Skeleton, Stack } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { useNow } from "@/components/use-now";
import { NotificationItem } from "./notification-item";
import classes from "./notifications.module.css";
import { notificationsQuery, useReadNotifications } from "./queries";

/** Everything that the user was told without having asked, newest first. */
export function NotificationsPage() {
  const list = useInfiniteQuery(notificationsQuery);
  const readAll = useReadNotifications();
  const now = useNow();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0];
  const unread = list.data?.pages[0]?.unreadCount ?? 0;
  return (
    <>
      <PageHeader
        title="Notifications"
        description="What Ferry told you: exports that are ready, backups that failed or are late, and when that was over."
        actions={
          <>
            <Button component={Link} href="/settings#notifications" variant="default">
              What I am told
            </Button>
            {newest && unread > 0 ? (
              <Button loading={readAll.isPending} onClick={() => readAll.mutate(newest.id)}>
                Mark all as read
              </Button>
            ) : null}
          </>
        }
      />
      {list.isPending ? <Skeleton height={320} radius="lg" role="status" aria-label="Loading…" /> : null}
      {list.isError && !list.data ? (
        <ProblemAlert
          error={list.error}
          title="The notifications could not be loaded"
          onRetry={() => void list.refetch()}
        />
      ) : null}
      {list.data && items.length === 0 ? (
        <EmptyState
          icon={<IconBell size={44} stroke={1.3} aria-hidden />}
          title="No notifications yet"
          description="When an export is ready, or a scheduled backup fails or is late, you read it here."
        />
      ) : null}
      {items.length > 0 ? (
        <Stack gap="md">
          <Paper withBorder radius="lg" style={{ background: "var(--ferry-surface)", overflow: "hidden" }}>
            <ul className={classes.list} aria-label="Notifications">
              {items.map((one) => (
                <NotificationItem key={one.id} notification={one} now={now} />
              ))}
            </ul>
          </Paper>
          {list.hasNextPage ? (
            <Button
              variant="default"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
              style={{ alignSelf: "flex-start" }}
            >
              Show earlier ones
            </Button>
          ) : null}
        </Stack>
      ) : null}
    </>
  );
}
