"use client";

import { Button, Group, Modal, Radio, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconShieldPlus } from "@tabler/icons-react";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import type { Backup } from "@/lib/contracts/backups";
import { EncryptionChoice } from "./encryption-choice";
import { encryptionOf, encryptionProblems, SERVER_DRAFT } from "./encryption-draft";
import { useCreateBackup } from "./queries";

interface MakeBackupProps {
  /** Whether there is one that an incremental backup could go on from. */
  hasEarlier: boolean;
  label?: string;
}

export function MakeBackupButton({ hasEarlier, label = "Make a backup" }: MakeBackupProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<IconShieldPlus size={17} aria-hidden />} onClick={() => setOpened(true)}>
        {label}
      </Button>
      {opened ? <MakeBackupDialog hasEarlier={hasEarlier} onClose={() => setOpened(false)} /> : null}
    </>
  );
}

/** Asks what kind of backup and for whom; its progress then stands in the list. */
function MakeBackupDialog({ hasEarlier, onClose }: MakeBackupProps & { onClose: () => void }) {
  const [type, setType] = useState<Backup["type"]>(hasEarlier ? "incremental" : "full");
  const [encryption, setEncryption] = useState(SERVER_DRAFT);
  const [tried, setTried] = useState(false);
  const create = useCreateBackup();
  const narrow = useMediaQuery("(max-width: 36em)");

  function submit() {
    setTried(true);
    if (Object.keys(encryptionProblems(encryption)).length > 0) return;
    create.mutate({ type, encryption: encryptionOf(encryption) }, { onSuccess: onClose });
  }

  return (
    <Modal opened onClose={onClose} title="Make a backup" size="lg" fullScreen={narrow}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        noValidate
      >
        <Stack gap="lg">
          {hasEarlier ? (
            <Radio.Group
              label="What it holds"
              value={type}
              onChange={(value) => setType(value === "full" ? "full" : "incremental")}
            >
              <Stack gap="xs" mt="xs">
                <Radio
                  value="incremental"
                  label="What changed since the newest backup (incremental)"
                  description="Small and quick. Becomes a full one where it cannot go on from the newest: when that is encrypted differently, or the chain is long."
                />
                <Radio
                  value="full"
                  label="Everything (full)"
                  description="Stands by itself, and begins a new chain."
                />
              </Stack>
            </Radio.Group>
          ) : null}
          <EncryptionChoice draft={encryption} onChange={setEncryption} withPassphrase showProblems={tried} />
          <ProblemAlert error={create.error} title="The backup did not begin" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Make the backup
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
