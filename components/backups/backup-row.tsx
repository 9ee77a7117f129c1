"use client";

import { ActionIcon, Badge, Button, Group, Menu, Text } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconDownload, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import Link from "next/link";
import { formatAgo, formatBytes, formatMoment } from "@/components/format";
import type { Backup } from "@/lib/contracts/backups";
import { BackupLive } from "./backup-live";
import { BackupMarks, UnsoundNote } from "./backup-marks";
import classes from "./backups.module.css";
import { contentWords, isBeingMade, momentOf, REASON_WORDS, TYPE_WORDS } from "./words";

interface BackupActions {
  onVerify: (backup: Backup) => void;
  onDelete: (backup: Backup) => void;
}

interface BackupRowProps extends BackupActions {
  backup: Backup;
  parent: Backup | undefined;
  /** Its verification is under way. */
  isChecking: boolean;
  onChecked: (jobId: string) => void;
  now: number;
}

/** One backup of the timeline: what it holds, how sure that is, and what can be done with it. */
export function BackupRow({ backup, parent, isChecking, onChecked, now, ...actions }: BackupRowProps) {
  const name = `${TYPE_WORDS[backup.type].toLowerCase()} backup of ${formatMoment(momentOf(backup))}`;
  return (
    <li className={classes.item} aria-label={name}>
      <span className={classes.rail} aria-hidden>
        <span className={classes.dot} data-type={backup.type} data-state={backup.state} />
      </span>
      <div className={classes.body}>
        <div className={classes.words}>
          <Group gap="xs">
            <Text fw={600} component="h3" m={0}>
              {formatMoment(momentOf(backup))}
            </Text>
            <Badge color={backup.type === "full" ? "harbour" : "gray"}>{TYPE_WORDS[backup.type]}</Badge>
            <StateBadge backup={backup} />
          </Group>
          <Text size="sm" c="dimmed">
            {summaryOf(backup, now)}
          </Text>
          {backup.parentId ? (
            <Text size="sm" c="dimmed">
              {parent
                ? `Holds what changed since ${formatMoment(momentOf(parent))}`
                : "Goes on from an earlier backup"}
            </Text>
          ) : null}
          {backup.state === "failed" || backup.state === "cancelled" ? null : (
            <BackupMarks backup={backup} now={now} />
          )}
          {backup.failure ? (
            <Text size="sm" mt={4}>
              {backup.failure.message}
            </Text>
          ) : null}
          <UnsoundNote backup={backup} />
        </div>
        {isBeingMade(backup) ? null : <Actions backup={backup} name={name} {...actions} />}
        {isBeingMade(backup) ? (
          <div className={classes.wide}>
            <BackupLive jobId={backup.jobId} label="Making this backup" />
          </div>
        ) : null}
        {isChecking && backup.checkJobId ? (
          <div className={classes.wide}>
            <BackupLive
              key={backup.checkJobId}
              jobId={backup.checkJobId}
              label="Verifying this backup"
              onEnd={() => onChecked(backup.checkJobId ?? "")}
            />
          </div>
        ) : null}
      </div>
    </li>
  );
}

function Actions({ backup, name, onVerify, onDelete }: BackupActions & { backup: Backup; name: string }) {
  const hasFile = backup.state === "completed";
  return (
    <Group gap="xs" wrap="nowrap">
      {hasFile ? (
        <>
          <Button
            component={Link}
            href={`/backups/${backup.id}/restore`}
            size="xs"
            variant="light"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            aria-label={`Restore from the ${name}`}
          >
            Restore
          </Button>
          <Button
            component="a"
            href={backup.downloadUrl ?? `/api/v1/backups/${backup.id}/download`}
            download={backup.fileName}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            aria-label={`Download the ${name}`}
          >
            Download
          </Button>
        </>
      ) : null}
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            size="lg"
            aria-label={`More about the ${name}`}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {hasFile ? (
            <Menu.Item
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              onClick={() => onVerify(backup)}
            >
              Verify
            </Menu.Item>
          ) : null}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => onDelete(backup)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function StateBadge({ backup: { state } }: { backup: Backup }) {
  if (state === "completed") return null;
  if (state === "failed") return <Badge color="red">Failed</Badge>;
  if (state === "cancelled") return <Badge color="gray">Cancelled</Badge>;
  return <Badge color="harbour">{state === "pending" ? "Waiting" : "Running"}</Badge>;
}

function summaryOf(backup: Backup, now: number): string {
  const { size } = backup;
  const parts = [
    ...contentWords(backup),
    ...(size === null ? [] : [formatBytes(size)]),
    REASON_WORDS[backup.reason],
    ...(backup.keptByHandAt ? ["taken back by hand, so no rule removes it"] : []),
    formatAgo(momentOf(backup), now),
  ];
  return parts.join(" · ");
}
