"use client";

import { PasswordInput, Stack, Text } from "@mantine/core";
import type { Backup, CheckBackup } from "@/lib/contracts/backups";

/** Keys up to this length are shown whole. */
const KEY_CHARS_MAX = 100;

interface KeyFieldsProps {
  backup: Pick<Backup, "encryption">;
  value: CheckBackup;
  onChange: (value: CheckBackup) => void;
  label?: string;
  description?: string;
  error?: string;
}

/** Asks for what opens a backup that Ferry cannot open: its passphrase, or a secret key. Nothing for the others. */
export function KeyFields({ backup: { encryption }, value, onChange, ...texts }: KeyFieldsProps) {
  if (encryption.mode === "server") return null;
  if (encryption.mode === "passphrase") {
    return (
      <PasswordInput
        label="Passphrase of the backup"
        description="Used for this once, and not kept."
        {...texts}
        autoComplete="off"
        value={value.passphrase ?? ""}
        onChange={(event) => onChange({ passphrase: event.currentTarget.value || undefined })}
      />
    );
  }
  return (
    <Stack gap={4}>
      <PasswordInput
        label="Secret key"
        description="The identity that belongs to one of the public keys below. Used for this once, and not kept."
        placeholder="AGE-SECRET-KEY-…"
        {...texts}
        autoComplete="off"
        value={value.identity ?? ""}
        onChange={(event) => onChange({ identity: event.currentTarget.value.trim() || undefined })}
      />
      {encryption.recipients.map((recipient) => (
        <Text key={recipient} size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {shortKey(recipient)}
        </Text>
      ))}
    </Stack>
  );
}

/** A post-quantum key fills a page; its beginning and its end tell it from others. */
function shortKey(recipient: string): string {
  return recipient.length <= KEY_CHARS_MAX
    ? recipient
    : `${recipient.slice(0, 40)} … ${recipient.slice(-20)}`;
}
