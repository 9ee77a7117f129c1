"use client";

import {
  ActionIcon,
  Anchor,
  Badge,
  Group,
  Stack,
  Text,
  ThemeIcon,
  Tooltip,
  VisuallyHidden,
} from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import Link from "next/link";
import { formatAgo, formatMoment } from "@/components/format";
import { notificationPage, type Notification } from "@/lib/contracts/notifications";
import { isOver, LOOKS } from "./looks";
import classes from "./notifications.module.css";
import { useReadNotification } from "./queries";

interface NotificationItemProps {
  notification: Notification;
  now: number;
  /** In a narrow place: the message is cut after some lines. */
  short?: boolean;
  /** Called when somebody goes to what it is about. */
  onFollow?: () => void;
}

/** One notification: what happened, when, whether it is read, and the way to what it is about. */
export function NotificationItem({ notification, now, short = false, onFollow }: NotificationItemProps) {
  const read = useReadNotification();
  const look = LOOKS[notification.kind];
  const isUnread = notification.readAt === null;
  const follow = () => {
    if (isUnread) read.mutate(notification.id);
    onFollow?.();
  };
  return (
    <li className={classes.item} data-unread={isUnread || undefined}>
      <ThemeIcon size={30} radius="xl" variant="light" color={look.color} aria-hidden>
        <look.icon size={17} stroke={1.8} />
      </ThemeIcon>
      <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
        <Anchor
          component={Link}
          href={notificationPage(notification)}
          onClick={follow}
          c="var(--mantine-color-text)"
          fw={isUnread ? 650 : 500}
          size="sm"
        >
          {isUnread ? <VisuallyHidden>Unread: </VisuallyHidden> : null}
          {notification.title}
        </Anchor>
        <Text size="sm" c="dimmed" lineClamp={short ? 3 : undefined} style={{ overflowWrap: "anywhere" }}>
          {notification.message}
        </Text>
        <Group gap="xs" mt={2}>
          <Text
            size="xs"
            c="dimmed"
            component="time"
            dateTime={notification.createdAt}
            title={formatMoment(notification.createdAt)}
          >
            {formatAgo(notification.createdAt, now)}
          </Text>
          {isOver(notification) ? (
            <Badge size="sm" color="gray">
              Over
            </Badge>
          ) : null}
          {notification.mail === "sent" && !short ? (
            <Badge size="sm" color="gray">
              Mailed
            </Badge>
          ) : null}
          {notification.mail === "failed" ? (
            <Badge size="sm" color="orange">
              Not mailed
            </Badge>
          ) : null}
        </Group>
      </Stack>
      {isUnread ? (
        <Tooltip label="Mark as read">
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-label={`Mark as read: ${notification.title}`}
            onClick={() => read.mutate(notification.id)}
          >
            <IconCheck size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </li>
  );
}
