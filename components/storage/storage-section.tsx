"use client";

import { Card, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "@/components/problem-alert";
import type { StorageInfo } from "@/lib/contracts/storage";
import { storageQuery } from "./queries";
import { StorageTestPanel } from "./storage-test-panel";
import { StorageUse } from "./storage-use";

/** Where files rest, how much there is, and whether it works. */
export function StorageSection() {
  const storage = useQuery(storageQuery);
  return (
    <Stack gap="md" component="section" aria-labelledby="storage">
      <Stack gap={2}>
        <Title order={2} id="storage">
          Storage
        </Title>
        {storage.data ? (
          <Text size="sm" c="dimmed" maw={640}>
            {whereText(storage.data)}
          </Text>
        ) : null}
      </Stack>
      {storage.isPending ? <Skeleton h={120} role="status" aria-label="Loading…" /> : null}
      {storage.isError ? (
        <ProblemAlert
          error={storage.error}
          title="The storage could not be looked at"
          onRetry={() => void storage.refetch()}
        />
      ) : null}
      {storage.data ? (
        <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
          <StorageUse use={storage.data.use} quota={storage.data.backupQuota} />
        </Card>
      ) : null}
      <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
        <StorageTestPanel />
      </Card>
    </Stack>
  );
}

function whereText({ kind, directUploads }: StorageInfo): string {
  if (kind === "disk") return "Files rest on the disk of the server, encrypted.";
  return directUploads
    ? "Files rest in an object store, encrypted. What you upload goes straight there, and is encrypted with Ferry's key once it has arrived."
    : "Files rest in an object store, encrypted.";
}
