"use client";

import { Anchor, Button, Card, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { IconFileText, IconPrinter } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import type { EmergencyKit } from "@/lib/contracts/backup-keys";
import { KitSheet } from "./kit-sheet";
import { kitText } from "./kit-text";
import { useOpenKit } from "./queries";
import classes from "./kit.module.css";

/** The secret keys on one page, to be printed; after the password was asked for once more. */
export function EmergencyKitPage() {
  const open = useOpenKit();
  return (
    <>
      <div className={classes.screenOnly}>
        <PageHeader
          title="Emergency kit"
          description="One page that opens your backups when nothing else does. Print it, and keep it where you keep your passport."
          before={
            <Anchor component={Link} href="/backups/keys" size="sm">
              Backup keys
            </Anchor>
          }
          actions={open.data ? <KitActions kit={open.data} /> : null}
        />
      </div>
      {open.data ? (
        <KitSheet kit={open.data} />
      ) : (
        <PasswordForm
          busy={open.isPending}
          error={open.error}
          onConfirm={(password) => open.mutate(password)}
        />
      )}
    </>
  );
}

interface PasswordFormProps {
  busy: boolean;
  error: unknown;
  onConfirm: (password: string) => void;
}

function PasswordForm({ busy, error, onConfirm }: PasswordFormProps) {
  const [password, setPassword] = useState("");
  return (
    <Card padding="lg" maw={520} style={{ background: "var(--ferry-surface)" }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(password);
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            The kit shows your secret key: whoever has it can read your backups. So Ferry asks for your
            password once more. Look around you first.
          </Text>
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ProblemAlert error={error} title="The kit was not opened" />
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={password === ""}>
              Show the kit
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function KitActions({ kit }: { kit: EmergencyKit }) {
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileText size={17} aria-hidden />}
        onClick={() => saveText("ferry-emergency-kit.txt", kitText(kit))}
      >
        Save as text
      </Button>
      <Button leftSection={<IconPrinter size={17} aria-hidden />} onClick={() => window.print()}>
        Print
      </Button>
    </>
  );
}

/** From the page's own memory: no address on the server answers with a secret key. */
function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
