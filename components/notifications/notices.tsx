"use client";

import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Notification } from "@/lib/contracts/notifications";
import { unreadNotifications, useReadNotification } from "./queries";

const COLOURS: Record<Notification["kind"], string> = {
  "backup-failed": "red",
  "backup-overdue": "orange",
  "backup-unsound": "red",
  "backup-well-again": "green",
  "backup-made": "green",
  "clock-set-back": "orange",
  "export-finished": "green",
  "export-failed": "red",
  "restore-finished": "green",
  "restore-failed": "red",
};

/** On every page: shows what the user is told without having asked, until they close it. Shows nothing itself. */
export function Notices() {
  const { data } = useQuery(unreadNotifications());
  const { mutate: read } = useReadNotification();
  const shown = useRef(new Set<string>());
  useEffect(() => {
    // Of trouble that is over by now only its end is news.
    const news = (data?.items ?? []).filter((n) => n.kind === "backup-well-again" || n.resolvedAt === null);
    for (const { id, kind, title, message } of news.toReversed()) {
      if (shown.current.has(id)) continue;
      shown.current.add(id);
      notifications.show({
        id,
        title,
        message,
        color: COLOURS[kind],
        autoClose: false,
        closeButtonProps: { "aria-label": `Close: ${title}` },
        onClose: () => read(id),
      });
    }
  }, [data, read]);
  return null;
}
