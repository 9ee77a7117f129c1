"use client";

import { Badge, Button, EmptyState, Group, Paper, Skeleton, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { formatBytes, formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Backup } from "@/lib/contracts/backups";
import classes from "./backups.module.css";
import { deletedBackupsQuery, useUndeleteBackup } from "./queries";
import { encryptionWords, momentOf, REASON_WORDS, TYPE_WORDS } from "./words";

/** Backups that somebody, or the policy, has deleted, and the way to take them back. */
export function DeletedBackups() {
  const deleted = useQuery(deletedBackupsQuery);
  if (deleted.isPending) return <Skeleton height={160} radius="lg" />;
  if (!deleted.data) {
    return (
      <ProblemAlert
        error={deleted.error}
        title="The deleted backups could not be loaded"
        onRetry={() => void deleted.refetch()}
      />
    );
  }
  if (deleted.data.items.length === 0) {
    return (
      <EmptyState
        icon={<IconTrash size={40} stroke={1.3} aria-hidden />}
        title="No deleted backups"
        description="What you delete, or your schedule’s rules remove, can be taken back here for seven days."
      />
    );
  }
  return (
    <Paper withBorder radius="lg" component="ul" className={classes.list} aria-label="Deleted backups">
      {deleted.data.items.map((backup) => (
        <DeletedRow key={backup.id} backup={backup} />
      ))}
    </Paper>
  );
}

function DeletedRow({ backup }: { backup: Backup }) {
  const undelete = useUndeleteBackup();
  const moment = formatMoment(momentOf(backup));
  return (
    <li className={classes.plain}>
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{moment}</Text>
          <Badge color="gray">{TYPE_WORDS[backup.type]}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {backup.size === null ? "" : `${formatBytes(backup.size)} · `}
          {REASON_WORDS[backup.reason]} · encrypted {encryptionWords(backup)}
        </Text>
        {backup.removedAfter ? (
          <Text size="sm">Can be taken back until {formatMoment(backup.removedAfter)}</Text>
        ) : null}
        <ProblemAlert error={undelete.error} title="It was not taken back" />
      </div>
      <Button
        size="xs"
        variant="default"
        loading={undelete.isPending}
        onClick={() => undelete.mutate(backup.id)}
        aria-label={`Take the backup of ${moment} back`}
      >
        Take it back
      </Button>
    </li>
  );
}
