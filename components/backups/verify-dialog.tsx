"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Backup, CheckBackup } from "@/lib/contracts/backups";
import { KeyFields } from "./key-fields";
import { useVerifyBackup } from "./queries";
import { isEndToEnd, momentOf } from "./words";

interface VerifyDialogProps {
  backup: Backup;
  /** Told the job that verifies. */
  onBegun: (jobId: string) => void;
  onClose: () => void;
}

/** Begins the verification of a backup; how far it is then stands in its row. */
export function VerifyDialog({ backup, onBegun, onClose }: VerifyDialogProps) {
  const [given, setGiven] = useState<CheckBackup>({});
  const verify = useVerifyBackup(backup.id);
  const endToEnd = isEndToEnd(backup);
  const hasKey = given.passphrase !== undefined || given.identity !== undefined;
  return (
    <Modal opened onClose={onClose} title="Verify this backup">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate(given, {
            onSuccess: ({ jobId }) => {
              onBegun(jobId);
              onClose();
            },
          });
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            The backup of {formatMoment(momentOf(backup))} is read again from its first byte to its last, and
            everything in it is compared with the checksums that were noted when it was made.
          </Text>
          {endToEnd ? (
            <>
              <Text size="sm">
                Ferry cannot open it without you. Without a key, only the encrypted bytes are compared: that
                finds a damaged file, but not a key that has been lost.
              </Text>
              <KeyFields backup={backup} value={given} onChange={setGiven} />
            </>
          ) : null}
          <ProblemAlert error={verify.error} title="It was not verified" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" loading={verify.isPending}>
              {endToEnd && !hasKey ? "Compare the bytes only" : "Verify"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
