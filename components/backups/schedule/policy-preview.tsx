"use client";

import { Badge, Button, Card, Group, Loader, Skeleton, Stack, Text, Title } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { countOf, formatBytes } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { BackupPolicyInput, RetentionPreview } from "@/lib/contracts/backup-policy";
import classes from "../backups.module.css";
import { TYPE_WORDS } from "../words";
import { policyPreviewQuery } from "./queries";
import { momentInZone } from "./words";

interface PolicyPreviewProps {
  /** Undefined while the form is not complete. */
  policy: BackupPolicyInput | undefined;
  timeZone: string;
}

/** What the rules would do with today's backups, and when the next ones are made; asked anew with every change. */
export function PolicyPreview({ policy, timeZone }: PolicyPreviewProps) {
  const options = policyPreviewQuery(policy ?? EMPTY);
  const preview = useQuery({ ...options, queryFn: policy ? options.queryFn : skipToken });
  return (
    <Card
      padding="lg"
      component="section"
      aria-labelledby="policy-preview"
      aria-busy={preview.isFetching}
      className={classes.preview}
    >
      <Stack gap="lg">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} id="policy-preview">
            What it would do
          </Title>
          {preview.isFetching ? <Loader size="xs" aria-hidden /> : null}
        </Group>
        {preview.isError ? (
          <ProblemAlert error={preview.error} title="This schedule cannot be used as it is" />
        ) : null}
        {preview.data ? (
          <>
            <NextRuns runs={preview.data.nextRuns} timeZone={timeZone} />
            <Removed preview={preview.data} timeZone={timeZone} />
            <KeptOnes preview={preview.data} timeZone={timeZone} />
          </>
        ) : preview.isPending && policy ? (
          <Skeleton height={220} />
        ) : null}
      </Stack>
    </Card>
  );
}

const EMPTY: BackupPolicyInput = {
  schedule: null,
  paused: false,
  retention: { keepLast: 0, keepDaily: 0, keepWeekly: 0, keepMonthly: 0, keepYearly: 0 },
  fullEvery: 7,
  encryption: { mode: "server" },
};

function NextRuns({ runs, timeZone }: { runs: readonly string[]; timeZone: string }) {
  return (
    <Stack gap={6}>
      <Text fw={600} component="h3" m={0}>
        Next backups
      </Text>
      {runs.length === 0 ? (
        <Text size="sm" c="dimmed">
          None by themselves.
        </Text>
      ) : (
        <>
          <ol className={classes.runs} aria-label="Next backups">
            {runs.map((run) => (
              <Text key={run} size="sm" component="li" className="tabular">
                {momentInZone(run, timeZone)}
              </Text>
            ))}
          </ol>
          <Text size="xs" c="dimmed">
            By the clock of {timeZone}, a few minutes of your own included: not everybody’s begins at once.
          </Text>
        </>
      )}
    </Stack>
  );
}

interface PartProps {
  preview: RetentionPreview;
  timeZone: string;
}

function Removed({ preview: { remove, removeBytes }, timeZone }: PartProps) {
  return (
    <Stack gap={6}>
      <Text fw={600} component="h3" m={0}>
        {remove.length === 0
          ? "Nothing would be removed"
          : `${countOf(remove.length, "backup")} would be removed (${formatBytes(removeBytes)})`}
      </Text>
      {remove.length > 0 ? (
        <>
          <ShortList label="Would be removed" items={remove}>
            {(one) => (
              <>
                <Text size="sm" td="line-through" className="tabular">
                  {momentInZone(one.madeAt, timeZone)}
                </Text>
                <TypeBadge type={one.type} />
              </>
            )}
          </ShortList>
          <Text size="xs" c="dimmed">
            Once saved, soon after. For seven days they can be taken back.
          </Text>
        </>
      ) : null}
    </Stack>
  );
}

function KeptOnes({ preview: { keep }, timeZone }: PartProps) {
  return (
    <Stack gap={6}>
      <Text fw={600} component="h3" m={0}>
        {keep.length === 0
          ? "There is no backup yet to keep"
          : `${countOf(keep.length, "backup")} would be kept`}
      </Text>
      <ShortList label="Would be kept" items={keep}>
        {(one) => (
          <>
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="tabular">
                {momentInZone(one.madeAt, timeZone)}
              </Text>
              <Text size="xs" c="dimmed">
                {sentence(one.reasons.map(({ text }) => text).join("; "))}
              </Text>
            </div>
            <TypeBadge type={one.type} />
          </>
        )}
      </ShortList>
    </Stack>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function TypeBadge({ type }: { type: "full" | "incremental" }) {
  return (
    <Badge color={type === "full" ? "harbour" : "gray"} flex="none">
      {TYPE_WORDS[type]}
    </Badge>
  );
}

const SHOWN_FIRST = 6;

interface ShortListProps<T> {
  label: string;
  items: readonly T[];
  children: (item: T) => ReactNode;
}

/** The newest few, and all of them on demand. */
function ShortList<T extends { id: string }>({ label, items, children }: ShortListProps<T>) {
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  return (
    <>
      <ul className={classes.list} aria-label={label}>
        {(all ? items : items.slice(0, SHOWN_FIRST)).map((item) => (
          <li key={item.id} className={classes.previewItem}>
            {children(item)}
          </li>
        ))}
      </ul>
      {!all && items.length > SHOWN_FIRST ? (
        <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
          Show all {items.length}
        </Button>
      ) : null}
    </>
  );
}
