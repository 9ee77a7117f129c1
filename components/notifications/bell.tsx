"use client";

import { ActionIcon, Button, Group, Indicator, Popover, Skeleton, Text, Title } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import { NotificationItem } from "./notification-item";
import classes from "./notifications.module.css";
import { latestNotifications, unreadNotifications, useReadNotifications } from "./queries";

const SHOWN_MAX = 99;

/** In the header of every page: how much is unread, and on demand the newest notifications. */
export function Bell() {
  const [opened, setOpened] = useState(false);
  const { data } = useQuery(unreadNotifications);
  const unread = data?.unreadCount ?? 0;
  const label = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
  return (
    <Indicator
      disabled={unread === 0}
      label={unread > SHOWN_MAX ? `${SHOWN_MAX}+` : unread}
      size={17}
      offset={6}
      color="red"
      className="tabular"
    >
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-end"
        offset={14}
        width="min(23rem, calc(100vw - 1.5rem))"
        radius="lg"
        shadow="md"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            size="lg"
            aria-label={label}
            onClick={() => setOpened(!opened)}
          >
            <IconBell size={19} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label="Notifications">
          {opened ? <Latest onFollow={() => setOpened(false)} /> : null}
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  );
}

function Latest({ onFollow }: { onFollow: () => void }) {
  const latest = useQuery(latestNotifications);
  const readAll = useReadNotifications();
  const now = useNow();
  const items = latest.data?.items ?? [];
  const newest = items[0];
  return (
    <>
      <Group justify="space-between" wrap="nowrap" className={classes.head}>
        <Title order={2} size="h3">
          Notifications
        </Title>
        {newest && (latest.data?.unreadCount ?? 0) > 0 ? (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={readAll.isPending}
            onClick={() => readAll.mutate(newest.id)}
          >
            Mark all as read
          </Button>
        ) : null}
      </Group>
      <div className={classes.latest}>
        {latest.isPending ? (
          <Skeleton height={120} m="md" w="auto" role="status" aria-label="Loading…" />
        ) : null}
        {latest.isError && !latest.data ? (
          <ProblemAlert
            error={latest.error}
            title="They could not be loaded"
            onRetry={() => void latest.refetch()}
          />
        ) : null}
        {latest.data && items.length === 0 ? (
          <Text size="sm" c="dimmed" p="md">
            Nothing yet. When an export is ready or a backup fails, you read it here.
          </Text>
        ) : null}
        <ul className={classes.list}>
          {items.map((one) => (
            <NotificationItem key={one.id} notification={one} now={now} short onFollow={onFollow} />
          ))}
        </ul>
      </div>
      <Group grow gap="xs" className={classes.foot}>
        <Button component={Link} href="/notifications" variant="subtle" size="compact-md" onClick={onFollow}>
          Show all
        </Button>
        <Button
          component={Link}
          href="/settings#notifications"
          variant="subtle"
          color="gray"
          size="compact-md"
          onClick={onFollow}
        >
          Settings
        </Button>
      </Group>
    </>
  );
}
