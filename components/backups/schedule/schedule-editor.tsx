"use client";

import { Alert, Button, Card, Group, NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { EncryptionChoice } from "@/components/backups/encryption-choice";
import { ProblemAlert } from "@/components/problem-alert";
import type { BackupPolicy } from "@/lib/contracts/backup-policy";
import { draftOf, policyOf, type PolicyDraft } from "./policy-draft";
import { PolicyPreview } from "./policy-preview";
import { usePutPolicy } from "./queries";
import { RetentionFields } from "./retention-fields";
import { ScheduleFields } from "./schedule-fields";

const SETTLED_MS = 350;
const FULL_EVERY_STANDARD = 7;

/** The schedule as a form, and beside it what it would do with the backups there are. */
export function ScheduleEditor({ saved }: { saved: BackupPolicy }) {
  const put = usePutPolicy();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(saved, zone));
  const [tried, setTried] = useState(false);
  const policy = policyOf(draft);
  const [settled] = useDebouncedValue(policy, SETTLED_MS, { leading: true });
  const change = (part: Partial<PolicyDraft>) => setDraft({ ...draft, ...part });
  const isChanged = JSON.stringify(policy) !== JSON.stringify(policyOf(draftOf(saved, zone)));

  function save() {
    setTried(true);
    if (!policy) return;
    put.mutate(policy, {
      onSuccess: (now) => {
        setTried(false);
        setDraft((present) => ({ ...present, isSet: now.schedule !== null }));
        const isOn = now.schedule !== null && !now.paused;
        notifications.show({
          message: isOn ? "The schedule is saved." : "Saved. No backup is made by itself now.",
        });
      },
    });
  }

  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack gap="lg">
          <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
            <ScheduleFields draft={draft} onChange={change} />
          </Card>
          <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
            <RetentionFields draft={draft} onChange={change} />
          </Card>
          <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
            <Stack gap="lg">
              <EncryptionChoice
                draft={draft.encryption}
                onChange={(encryption) => change({ encryption })}
                withPassphrase={false}
                showProblems={tried}
              />
              <NumberInput
                label="A full backup every so many"
                description="The others hold only what changed since the one before. A restore reads at most this many files."
                min={1}
                max={100}
                clampBehavior="strict"
                allowDecimal={false}
                value={draft.fullEvery}
                onChange={(value) =>
                  change({ fullEvery: typeof value === "number" ? value : FULL_EVERY_STANDARD })
                }
                maw={260}
              />
            </Stack>
          </Card>
          <ProblemAlert error={put.error} title="The schedule was not saved" />
          {tried && !policy ? (
            <Alert color="red" role="alert">
              Something is missing above: look at the time and the keys.
            </Alert>
          ) : null}
          <Group justify="space-between" gap="sm">
            <Text size="sm" c="dimmed" role="status">
              {isChanged ? "Not saved yet." : "This is what is saved."}
            </Text>
            <Group gap="sm">
              <Button variant="default" disabled={!isChanged} onClick={() => setDraft(draftOf(saved, zone))}>
                Discard
              </Button>
              <Button type="submit" loading={put.isPending} disabled={!isChanged && policy !== undefined}>
                Save
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
      <PolicyPreview policy={settled} timeZone={draft.timeZone} />
    </SimpleGrid>
  );
}
