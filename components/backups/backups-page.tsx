"use client";

import { Button, Card, EmptyState, SegmentedControl, Skeleton, Stack, Title } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { storageQuery } from "@/components/storage/queries";
import { StorageUse } from "@/components/storage/storage-use";
import { useNow } from "@/components/use-now";
import { BackupTimeline } from "./backup-timeline";
import { BackupsFrame } from "./backups-frame";
import { DeletedBackups } from "./deleted-backups";
import { MakeBackupButton } from "./make-backup-dialog";
import { PolicyState } from "./schedule/policy-state";
import { backupsQuery } from "./queries";

/** Every backup of the account, newest first, and what they take up. */
export function BackupsPage() {
  const [shown, setShown] = useState<"kept" | "deleted">("kept");
  const { data } = useInfiniteQuery(backupsQuery);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <BackupsFrame
      title="Backups"
      description="Copies of everything you have in Ferry, encrypted, in a format that opens without Ferry."
      actions={
        <>
          <Button component={Link} href="/backups/restore-file" variant="default">
            Restore from a file
          </Button>
          {items.length > 0 ? <MakeBackupButton hasEarlier={items.some(isMade)} /> : null}
        </>
      }
    >
      <Stack gap="lg">
        <PolicyState />
        <SegmentedControl
          aria-label="Which backups"
          value={shown}
          onChange={(value) => setShown(value === "deleted" ? "deleted" : "kept")}
          data={[
            { value: "kept", label: "Kept" },
            { value: "deleted", label: "Deleted" },
          ]}
          style={{ alignSelf: "flex-start" }}
        />
        {shown === "deleted" ? <DeletedBackups /> : <KeptBackups />}
        <StorageCard />
      </Stack>
    </BackupsFrame>
  );
}

function isMade({ state }: { state: string }): boolean {
  return state === "completed";
}

function KeptBackups() {
  const backups = useInfiniteQuery(backupsQuery);
  const now = useNow();
  if (backups.isPending) return <Skeleton height={320} radius="lg" role="status" aria-label="Loading…" />;
  if (!backups.data) {
    return (
      <ProblemAlert
        error={backups.error}
        title="The backups could not be loaded"
        onRetry={() => void backups.refetch()}
      />
    );
  }
  const items = backups.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <NoneYet />;
  return (
    <Stack gap="md">
      <BackupTimeline backups={items} now={now} />
      {backups.hasNextPage ? (
        <Button
          variant="default"
          loading={backups.isFetchingNextPage}
          onClick={() => void backups.fetchNextPage()}
        >
          Show older ones
        </Button>
      ) : null}
    </Stack>
  );
}

function NoneYet() {
  return (
    <EmptyState
      icon={<IconShieldLock size={44} stroke={1.3} aria-hidden />}
      title="No backups yet"
      description="A backup is a copy of all your collections and records at one moment, in one encrypted file. Should something be deleted or spoiled, you can look at what it was, and bring back all of it or a part. The first one takes a moment; a schedule then does it by itself."
    >
      <EmptyState.Actions>
        <MakeBackupButton hasEarlier={false} label="Make the first backup" />
      </EmptyState.Actions>
    </EmptyState>
  );
}

function StorageCard() {
  const storage = useQuery(storageQuery);
  if (!storage.data?.use.some(({ count }) => count > 0)) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="storage-use">
      <Title order={2} id="storage-use">
        Storage
      </Title>
      <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
        <StorageUse use={storage.data.use} quota={storage.data.backupQuota} />
      </Card>
    </Stack>
  );
}
