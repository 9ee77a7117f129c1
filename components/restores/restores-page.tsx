"use client";

import { Badge, Button, EmptyState, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { BackupsFrame } from "@/components/backups/backups-frame";
import { formatAgo, formatMoment } from "@/components/format";
import jobClasses from "@/components/jobs/jobs.module.css";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import type { RestoreSummary } from "@/lib/contracts/restores";
import { restoresQuery } from "./queries";
import { countsSentence, scopeWords, STATE_WORDS, strategyLabel } from "./words";

const FIRST = 20;

/** Every restore of the account, newest first: looked at, under way, done. */
export function RestoresPage() {
  const [limit, setLimit] = useState(FIRST);
  const restores = useQuery({ ...restoresQuery(limit), placeholderData: (previous) => previous });
  const now = useNow();
  return (
    <BackupsFrame
      title="Restores"
      description="What was looked at or brought back from backups. A restore can be left and found again here."
      actions={
        <Button component={Link} href="/backups/restore-file" variant="default">
          Restore from a file
        </Button>
      }
    >
      {restores.isPending ? <Skeleton height={240} radius="lg" role="status" aria-label="Loading…" /> : null}
      {restores.isError && !restores.data ? (
        <ProblemAlert
          error={restores.error}
          title="The restores could not be loaded"
          onRetry={() => void restores.refetch()}
        />
      ) : null}
      {restores.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconArrowBackUp size={44} stroke={1.3} aria-hidden />}
          title="Nothing has been restored"
          description="Choose a backup and press Restore: you see what would happen before anything does."
        />
      ) : null}
      {restores.data && restores.data.items.length > 0 ? (
        <Stack gap="md">
          <Paper withBorder radius="lg" component="ul" className={jobClasses.list} aria-label="Restores">
            {restores.data.items.map((restore) => (
              <RestoreRow key={restore.id} restore={restore} now={now} />
            ))}
          </Paper>
          {restores.data.nextCursor ? (
            <Button
              variant="default"
              loading={restores.isFetching}
              onClick={() => setLimit(limit + FIRST * 2)}
            >
              Show more
            </Button>
          ) : null}
        </Stack>
      ) : null}
    </BackupsFrame>
  );
}

function RestoreRow({ restore, now }: { restore: RestoreSummary; now: number }) {
  const { source } = restore;
  return (
    <li className={jobClasses.item}>
      <Link href={`/backups/restores/${restore.id}`} className={jobClasses.row}>
        <span className={jobClasses.words}>
          <Text fw={550} className={jobClasses.title} component="span">
            {source.snapshotAt ? `State of ${formatMoment(source.snapshotAt)}` : source.fileName}
          </Text>
          <Text size="sm" c="dimmed" component="span">
            {scopeWords(restore)} · {strategyLabel(restore.globalStrategy).toLowerCase()}
            {summaryOf(restore)}
          </Text>
        </span>
        <span className={jobClasses.state}>
          <Badge color={STATE_WORDS[restore.state].color}>{STATE_WORDS[restore.state].label}</Badge>
          <Text size="xs" c="dimmed" component="span">
            {formatAgo(restore.finishedAt ?? restore.createdAt, now)}
          </Text>
        </span>
      </Link>
    </li>
  );
}

function summaryOf({ counts, result, failure }: RestoreSummary): string {
  if (failure) return ` · ${failure.message}`;
  if (result) return ` · ${result.added} came back, ${result.changed} changed, ${result.deleted} removed`;
  return counts ? ` · ${countsSentence(counts)}` : "";
}
