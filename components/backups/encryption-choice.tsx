"use client";

import { Alert, Button, PasswordInput, Radio, Stack, Text, Textarea } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import {
  encryptionProblems,
  suggestPassphrase,
  type EncryptionDraft,
  type EncryptionProblems,
} from "./encryption-draft";

interface EncryptionChoiceProps {
  draft: EncryptionDraft;
  onChange: (draft: EncryptionDraft) => void;
  /** Backups made by themselves can ask nobody for a passphrase. */
  withPassphrase: boolean;
  /** Also what has not been filled in yet is complained about. */
  showProblems: boolean;
}

const MODES: readonly { value: EncryptionDraft["mode"]; label: string; description: string }[] = [
  {
    value: "server",
    label: "Ferry’s key for you",
    description: "Easiest. Ferry keeps the key and can check and restore the backup by itself.",
  },
  {
    value: "recipients",
    label: "Your public keys",
    description: "Only who has one of the secret keys can read it. Ferry cannot.",
  },
  {
    value: "passphrase",
    label: "A passphrase",
    description: "Only who knows it can read the backup. Ferry does not keep it.",
  },
];

const WHO_CAN_READ: Record<EncryptionDraft["mode"], string> = {
  server:
    "You can read it, in Ferry or with your emergency kit. So could whoever runs this server: the key rests here, sealed with the server’s own secret.",
  recipients:
    "Nobody without a secret key that belongs to one of the public keys: not the people who run this server, and not you, should you lose them all.",
  passphrase:
    "Nobody without the passphrase: not the people who run this server, and not you, should you forget it. There is no way to reset it.",
};

/** To whom backups are encrypted, and in plain words who can read them then. */
export function EncryptionChoice({ draft, onChange, withPassphrase, showProblems }: EncryptionChoiceProps) {
  const problems = encryptionProblems(draft);
  const set = (part: Partial<EncryptionDraft>) => onChange({ ...draft, ...part });
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Encrypted with"
        value={draft.mode}
        onChange={(value) => set({ mode: MODES.find((mode) => mode.value === value)?.value ?? "server" })}
      >
        <Stack gap="xs" mt="xs">
          {MODES.filter(({ value }) => withPassphrase || value !== "passphrase").map((mode) => (
            <Radio key={mode.value} {...mode} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.mode === "recipients" ? (
        <Textarea
          label="Public keys"
          description="One a line. Make a pair with “age-keygen -o key.txt”; it prints the public key. Post-quantum keys (“age-keygen -pq”, from age 1.3 on) are taken too, but not beside others."
          placeholder="age1… or age1pq1…"
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem" } }}
          value={draft.recipients}
          onChange={(event) => set({ recipients: event.currentTarget.value })}
          error={showProblems || draft.recipients !== "" ? problems.recipients : undefined}
        />
      ) : null}
      {draft.mode === "passphrase" ? (
        <PassphraseFields draft={draft} problems={problems} set={set} showProblems={showProblems} />
      ) : null}
      <Alert role="note" color="gray" icon={<IconKey size={18} aria-hidden />} title="Who can read it">
        <span role="status">{WHO_CAN_READ[draft.mode]}</span>
      </Alert>
    </Stack>
  );
}

interface PassphraseFieldsProps {
  draft: EncryptionDraft;
  problems: EncryptionProblems;
  set: (part: Partial<EncryptionDraft>) => void;
  showProblems: boolean;
}

function PassphraseFields({ draft, problems, set, showProblems }: PassphraseFieldsProps) {
  const [visible, setVisible] = useState(false);
  return (
    <Stack gap="xs">
      <PasswordInput
        label="Passphrase"
        autoComplete="new-password"
        visible={visible}
        onVisibilityChange={setVisible}
        value={draft.passphrase}
        onChange={(event) => set({ passphrase: event.currentTarget.value })}
        error={showProblems ? problems.passphrase : undefined}
      />
      <PasswordInput
        label="The same again"
        autoComplete="new-password"
        visible={visible}
        onVisibilityChange={setVisible}
        value={draft.again}
        onChange={(event) => set({ again: event.currentTarget.value })}
        error={showProblems || draft.again.length >= draft.passphrase.length ? problems.again : undefined}
      />
      <div>
        <Button
          variant="subtle"
          size="xs"
          onClick={() => {
            const passphrase = suggestPassphrase();
            set({ passphrase, again: passphrase });
            setVisible(true);
          }}
        >
          Suggest a strong one
        </Button>
        <Text size="xs" c="dimmed" mt={2}>
          Write it down where the backup is not.
        </Text>
      </div>
    </Stack>
  );
}
