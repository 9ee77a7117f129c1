"use client";

import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { notificationPage, type Notification } from "@/lib/contracts/notifications";
import { isOver, isPressing, LOOKS } from "./looks";
import { unreadNotifications, useReadNotification } from "./queries";
import { useLiveNotifications } from "./use-live-notifications";

const LOOK_AGAIN_MS = 30_000;
/** Insurance: with the stream there, its events are what makes it live. */
const LOOK_SELDOM_MS = 120_000;
const NEWS_MS = 12_000;

/**
 * On every page: shows what the user is told without having asked. Trouble stays until they close it; other news goes by,
 * when it comes while they are here, and is found under the bell. Shows nothing itself.
 */
export function Notices() {
  const live = useLiveNotifications();
  const { data } = useQuery({
    ...unreadNotifications,
    refetchInterval: live ? LOOK_SELDOM_MS : LOOK_AGAIN_MS,
  });
  const { mutate: read } = useReadNotification();
  const path = usePathname();
  const known = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (!data) return;
    // What was there when they came is no news.
    const isFirst = known.current === undefined;
    const seen = (known.current ??= new Set());
    for (const notice of data.items.toReversed()) {
      if (seen.has(notice.id)) continue;
      seen.add(notice.id);
      if (isPressing(notice)) showPressing(notice, () => read(notice.id));
      else if (!isFirst && !isOver(notice) && notificationPage(notice) !== path) showNews(notice);
    }
  }, [data, read, path]);
  return null;
}

function showPressing({ id, kind, title, message }: Notification, onClose: () => void): void {
  const closeButtonProps = { "aria-label": `Close: ${title}` };
  const color = LOOKS[kind].color;
  notifications.show({ id, title, message, color, autoClose: false, closeButtonProps, onClose });
}

function showNews(notice: Notification): void {
  const { id, kind, subjectId, title, message } = notice;
  const isFile = kind === "export-finished";
  const href = isFile ? `/api/v1/exports/${subjectId ?? ""}/download` : notificationPage(notice);
  notifications.show({
    id,
    title,
    color: LOOKS[kind].color,
    message: (
      <>
        {message}{" "}
        {isFile ? (
          <Anchor href={href} inherit underline="always">
            Download it
          </Anchor>
        ) : (
          <Anchor component={Link} href={href} inherit underline="always">
            Look at it
          </Anchor>
        )}
      </>
    ),
    autoClose: NEWS_MS,
    closeButtonProps: { "aria-label": `Close: ${title}` },
  });
}
