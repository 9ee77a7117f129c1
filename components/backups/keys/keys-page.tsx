"use client";

import { Badge, Button, Card, CopyButton, Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconCheck, IconCopy, IconLifebuoy, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { BackupsFrame } from "@/components/backups/backups-frame";
import { countOf, formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { BackupKeys } from "@/lib/contracts/backup-keys";
import classes from "../backups.module.css";
import { keysQuery } from "./queries";
import { RotateDialog } from "./rotate-dialog";

type Key = BackupKeys["items"][number];

/** The keys that Ferry keeps for the account, and the way to hold them in one's own hands. */
export function KeysPage() {
  const keys = useQuery(keysQuery);
  const items = keys.data?.items ?? [];
  const present = items.find(({ retiredAt }) => retiredAt === null);
  const earlier = items.filter(({ retiredAt }) => retiredAt !== null);
  return (
    <BackupsFrame
      title="Backup keys"
      description="What your backups are encrypted with, where nothing else was chosen. Backups for public keys or a passphrase do not depend on it."
    >
      <Stack gap="xl">
        {keys.isPending ? <Skeleton height={180} radius="lg" role="status" aria-label="Loading…" /> : null}
        {keys.isError && !keys.data ? (
          <ProblemAlert
            error={keys.error}
            title="The keys could not be loaded"
            onRetry={() => void keys.refetch()}
          />
        ) : null}
        {keys.data ? <PresentKey present={present} /> : null}
        <KitCard />
        {earlier.length > 0 ? <EarlierKeys keys={earlier} /> : null}
      </Stack>
    </BackupsFrame>
  );
}

function PresentKey({ present }: { present: Key | undefined }) {
  const [rotating, setRotating] = useState(false);
  if (!present) {
    return (
      <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
        <Text>
          There is no key yet. It is made with the first backup, or when you open the emergency kit.
        </Text>
      </Card>
    );
  }
  return (
    <Card
      padding="lg"
      component="section"
      aria-labelledby="present-key"
      style={{ background: "var(--ferry-surface)" }}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Group gap="xs">
            <Title order={2} id="present-key">
              Ferry’s key for you
            </Title>
            <Badge color="green">In use</Badge>
          </Group>
          <Button
            variant="default"
            leftSection={<IconRefresh size={17} aria-hidden />}
            onClick={() => setRotating(true)}
          >
            Change the key
          </Button>
        </Group>
        <Text size="sm">
          Since {formatMoment(present.createdAt)} · opens {countOf(present.backups, "backup")}
        </Text>
        <div>
          <Text size="sm" c="dimmed">
            Public key
          </Text>
          <Group gap="xs" align="flex-start" wrap="nowrap">
            <Text className={classes.code}>{present.recipient}</Text>
            <CopyButton value={present.recipient}>
              {({ copied, copy }) => (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  flex="none"
                  onClick={copy}
                  leftSection={
                    copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
                  }
                >
                  {copied ? "Copied" : "Copy"}
                </Button>
              )}
            </CopyButton>
          </Group>
        </div>
        <div>
          <Text size="sm" c="dimmed">
            Fingerprint, to compare with a printed kit
          </Text>
          <Text className={classes.code}>{present.fingerprint}</Text>
        </div>
      </Stack>
      {rotating ? <RotateDialog onClose={() => setRotating(false)} /> : null}
    </Card>
  );
}

function KitCard() {
  return (
    <Card
      padding="lg"
      component="section"
      aria-labelledby="kit"
      style={{ background: "var(--ferry-surface)" }}
    >
      <Group justify="space-between" gap="md">
        <Stack gap={4} style={{ flex: "1 1 18rem" }}>
          <Title order={2} id="kit">
            Emergency kit
          </Title>
          <Text size="sm">
            One page with your secret key and how to use it. With it you open your backups when this server is
            gone. Without it, they depend on the server’s own secret.
          </Text>
        </Stack>
        <Button
          component={Link}
          href="/backups/keys/emergency-kit"
          leftSection={<IconLifebuoy size={17} aria-hidden />}
        >
          Open the emergency kit
        </Button>
      </Group>
    </Card>
  );
}

function EarlierKeys({ keys }: { keys: readonly Key[] }) {
  return (
    <Stack gap="sm" component="section" aria-labelledby="earlier-keys">
      <div>
        <Title order={2} id="earlier-keys">
          Earlier keys
        </Title>
        <Text size="sm" c="dimmed">
          New backups do not use them. They are kept, because they open the backups made with them.
        </Text>
      </div>
      <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Fingerprint</Table.Th>
              <Table.Th>From</Table.Th>
              <Table.Th>Until</Table.Th>
              <Table.Th ta="right">Opens</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Th scope="row" fw={400} className={classes.code} title={key.recipient}>
                  {key.fingerprint}
                </Table.Th>
                <Table.Td>{formatMoment(key.createdAt)}</Table.Td>
                <Table.Td>{key.retiredAt ? formatMoment(key.retiredAt) : ""}</Table.Td>
                <Table.Td ta="right">{countOf(key.backups, "backup")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
