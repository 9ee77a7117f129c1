"use client";

import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Modal,
  Paper,
  Progress,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf, formatAgo, formatBytes, formatMoment } from "@/components/format";
import { jobQuery } from "@/components/jobs/queries";
import { phaseWords } from "@/components/jobs/states";
import { ProblemAlert } from "@/components/problem-alert";
import { ShareButton } from "@/components/shares/share-dialog";
import type { Export } from "@/lib/contracts/exports";
import classes from "./exports.module.css";
import { isBeingMade, useCancelExport, useDeleteExport } from "./queries";

const POLL_MS = 1_500;

/** Exports as rows: what each holds, and what can be done with it now. */
export function ExportList({ exports, now }: { exports: readonly Export[]; now: number }) {
  const [removing, setRemoving] = useState<Export | null>(null);
  return (
    <>
      <Paper withBorder radius="lg" component="ul" className={classes.list} aria-label="Exports">
        {exports.map((one) => (
          <li key={one.id} className={classes.item}>
            <Stack gap={2} className={classes.words}>
              <Group gap="xs">
                <Text fw={550} className={classes.name}>
                  {one.fileName}
                </Text>
                <StateBadge one={one} now={now} />
              </Group>
              <Text size="sm" c="dimmed">
                {summaryOf(one, now)}
              </Text>
              {one.failure ? <Text size="sm">{one.failure.message}</Text> : null}
            </Stack>
            <Actions one={one} onRemove={() => setRemoving(one)} />
            {isBeingMade(one) ? <Live one={one} /> : null}
          </li>
        ))}
      </Paper>
      {removing ? <RemoveDialog one={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}

function Actions({ one, onRemove }: { one: Export; onRemove: () => void }) {
  const cancel = useCancelExport();
  if (isBeingMade(one)) {
    return (
      <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(one.jobId)}>
        Cancel
      </Button>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap">
      {one.downloadUrl ? (
        <Button
          component="a"
          href={one.downloadUrl}
          download={one.fileName}
          size="xs"
          variant="light"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={`Download ${one.fileName}`}
        >
          Download
        </Button>
      ) : null}
      {one.downloadUrl ? <ShareButton one={one} /> : null}
      <Tooltip label="Remove">
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size="lg"
          aria-label={`Remove ${one.fileName}`}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

/** How far one is that is being made. */
function Live({ one }: { one: Export }) {
  const job = useQuery({ ...jobQuery(one.jobId), refetchInterval: POLL_MS });
  const percentage = job.data?.percentage ?? 0;
  return (
    <Stack gap={4} className={classes.progress}>
      <Progress value={percentage} size="sm" aria-label={`Progress of ${one.fileName}`} />
      <Text size="xs" c="dimmed" className="tabular">
        {phaseWords(job.data?.phase ?? null)} · {Math.round(percentage)} %
      </Text>
    </Stack>
  );
}

function RemoveDialog({ one, onClose }: { one: Export; onClose: () => void }) {
  const remove = useDeleteExport();
  return (
    <Modal opened onClose={onClose} title="Remove this export?">
      <Stack gap="md">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {one.fileName} and every link to it will be gone. Your records stay as they are.
        </Text>
        <ProblemAlert error={remove.error} title="It was not removed" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(one.id, { onSuccess: onClose })}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function StateBadge({ one, now }: { one: Export; now: number }) {
  const { label, color } = stateOf(one, now);
  return (
    <Badge color={color} style={{ flex: "none" }}>
      {label}
    </Badge>
  );
}

function stateOf(one: Export, now: number): { label: string; color: string } {
  switch (one.state) {
    case "pending":
      return { label: "Waiting", color: "gray" };
    case "processing":
      return { label: "Running", color: "harbour" };
    case "failed":
      return { label: "Failed", color: "red" };
    case "cancelled":
      return { label: "Cancelled", color: "gray" };
    case "completed":
      return hasExpired(one, now) ? { label: "Expired", color: "gray" } : { label: "Ready", color: "green" };
  }
}

function hasExpired(one: Export, now: number): boolean {
  return one.downloadUrl === null || new Date(one.expiresAt).getTime() < now;
}

const PRIVACY_WORDS = { exclude: "without personal data", anonymize: "with pseudonyms" } as const;

function summaryOf(one: Export, now: number): string {
  const { collections, categories, privacy, filtered } = one.request;
  const parts = [
    ...(collections > 0 ? [countOf(collections, "collection")] : []),
    ...(categories.length > 0 ? [categories.join(", ")] : []),
    ...(filtered ? ["in part"] : []),
    ...(privacy ? [PRIVACY_WORDS[privacy]] : []),
    ...(one.size === null ? [] : [formatBytes(one.size)]),
    formatAgo(one.finishedAt ?? one.createdAt, now),
  ];
  if (one.state === "completed" && !hasExpired(one, now)) parts.push(`until ${formatMoment(one.expiresAt)}`);
  return parts.join(" · ");
}
