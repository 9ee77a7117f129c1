"use client";

import { Alert, Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconCalendarOff, IconCalendarPause, IconCalendarTime } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { formatAgo, formatMoment } from "@/components/format";
import { useNow } from "@/components/use-now";
import type { BackupPolicy } from "@/lib/contracts/backup-policy";
import { policyQuery } from "./queries";
import { scheduleWords } from "./words";

/** Whether backups are made by themselves and whether they succeed; an alarm when they have not for too long. */
export function PolicyState() {
  const { data: policy } = useQuery(policyQuery);
  const now = useNow();
  if (!policy) return null;
  if (policy.isOverdue) {
    return (
      <Alert
        role="alert"
        color="red"
        icon={<IconAlertTriangle size={18} aria-hidden />}
        title="Scheduled backups are overdue"
      >
        {lastSuccess(policy, now)} A run was due more than an hour ago. Look at the newest backup below or{" "}
        <Anchor component={Link} href="/activity" inherit>
          under Activity
        </Anchor>{" "}
        for what went wrong, or make one by hand.
      </Alert>
    );
  }
  if (!policy.schedule) {
    return (
      <Alert role="note" color="gray" icon={<IconCalendarOff size={18} aria-hidden />}>
        No backup is made by itself. <ToSchedule>Set up a schedule</ToSchedule>
      </Alert>
    );
  }
  if (policy.paused) {
    return (
      <Alert role="note" color="yellow" icon={<IconCalendarPause size={18} aria-hidden />}>
        Paused: no backup is made by itself. When it is on again: {scheduleWords(policy.schedule)}.{" "}
        {lastSuccess(policy, now)} <ToSchedule>Switch on</ToSchedule>
      </Alert>
    );
  }
  return (
    <Alert role="note" color="green" icon={<IconCalendarTime size={18} aria-hidden />}>
      Backed up {scheduleWords(policy.schedule)}.{" "}
      {policy.nextRunAt ? `Next: ${formatMoment(policy.nextRunAt)}. ` : ""}
      {lastSuccess(policy, now)} <ToSchedule>Change</ToSchedule>
    </Alert>
  );
}

function lastSuccess({ lastSuccessAt }: BackupPolicy, now: number): string {
  return lastSuccessAt ? `Last success ${formatAgo(lastSuccessAt, now)}.` : "None has succeeded yet.";
}

/** Absent on the page that it leads to. */
function ToSchedule({ children }: { children: string }) {
  const path = usePathname();
  if (path === "/backups/schedule") return null;
  return (
    <Text span inherit>
      <Anchor component={Link} href="/backups/schedule" inherit underline="always">
        {children}
      </Anchor>
    </Text>
  );
}
