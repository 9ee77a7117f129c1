"use client";

import { ActionIcon, Alert, Button, Card, Group, Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from "@tabler/icons-react";
import Link from "next/link";
import { formatBytes } from "@/components/format";
import type { UploadItem } from "./store";
import { useUploads } from "./uploads-provider";
import classes from "./uploads.module.css";

/** The files of this tab: how far each one is, and what can be done about it. */
export function UploadList() {
  const { items } = useUploads();
  if (items.length === 0) return null;
  return (
    <Stack component="ul" gap="sm" className={classes.items} aria-label="Uploads">
      {items.map((item) => (
        <li key={item.id}>
          <UploadCard item={item} />
        </li>
      ))}
    </Stack>
  );
}

function UploadCard({ item }: { item: UploadItem }) {
  const percent = item.sizeBytes === 0 ? 0 : Math.min(100, (item.sentBytes / item.sizeBytes) * 100);
  const moving = item.state === "uploading" || item.state === "paused" || item.state === "finishing";
  return (
    <Card padding="md" style={{ background: "var(--ferry-surface)" }}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Stack gap={0} style={{ minWidth: 0 }}>
            <Text fw={600} truncate title={item.name}>
              {item.name}
            </Text>
            <Text size="sm" c="dimmed" className="tabular">
              {statusText(item)}
            </Text>
          </Stack>
          <UploadActions item={item} />
        </Group>
        {moving ? (
          <Progress.Root size="sm">
            <Progress.Section
              value={percent}
              animated={item.state === "finishing"}
              color={item.state === "paused" ? "gray" : undefined}
              aria-label={`Upload of ${item.name}`}
            />
          </Progress.Root>
        ) : null}
        {item.message ? (
          <Alert color="red" role="alert" p="sm">
            {item.message}
          </Alert>
        ) : null}
        <VisuallyHidden aria-live="polite">{announcement(item, percent)}</VisuallyHidden>
      </Stack>
    </Card>
  );
}

function UploadActions({ item }: { item: UploadItem }) {
  const uploads = useUploads();
  return (
    <Group gap={4} wrap="nowrap">
      {item.state === "uploading" || item.state === "paused" ? (
        <ActionIcon
          variant="subtle"
          size="lg"
          onClick={() => uploads.pauseOrResume(item.id)}
          aria-label={item.state === "paused" ? `Resume ${item.name}` : `Pause ${item.name}`}
        >
          {item.state === "paused" ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
        </ActionIcon>
      ) : null}
      {item.state === "failed" ? (
        <Button
          size="xs"
          variant="light"
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={() => uploads.retry(item.id)}
        >
          Try again
        </Button>
      ) : null}
      {item.state === "ready" && item.importId ? (
        <Button
          size="xs"
          component={Link}
          href={`/imports/${item.importId}`}
          onClick={() => uploads.dismiss(item.id)}
        >
          Continue
        </Button>
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size="lg"
          onClick={() => uploads.cancel(item.id)}
          aria-label={`Remove ${item.name}`}
        >
          <IconX size={18} />
        </ActionIcon>
      )}
    </Group>
  );
}

function statusText(item: UploadItem): string {
  const size = formatBytes(item.sizeBytes);
  switch (item.state) {
    case "checking":
      return `${size} · looking at it`;
    case "uploading":
      return `${formatBytes(item.sentBytes)} of ${size}${item.resumed ? " · continued" : ""}`;
    case "paused":
      return `Paused at ${formatBytes(item.sentBytes)} of ${size}`;
    case "finishing":
      return `${size} · sent, being read`;
    case "ready":
      return `${size} · ready to map`;
    case "failed":
    case "refused":
      return size;
  }
}

/** Quarters only: a screen reader must not be flooded. */
function announcement(item: UploadItem, percent: number): string {
  if (item.state === "uploading") return `${item.name}: ${Math.floor(percent / 25) * 25} percent sent`;
  return `${item.name}: ${statusText(item)}`;
}
