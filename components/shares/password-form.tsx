"use client";

import { Button, PasswordInput, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import type { SharedFile } from "@/lib/contracts/shares";
import { useUnlock } from "./queries";

interface PasswordFormProps {
  token: string;
  onUnlocked: (file: SharedFile, password: string) => void;
}

/** Asks for the password of a link. */
export function PasswordForm({ token, onUnlocked }: PasswordFormProps) {
  const unlock = useUnlock();
  const [password, setPassword] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    unlock.mutate(
      { token, password },
      { onSuccess: (opened) => opened.state === "open" && onUnlocked(opened.file, password) },
    );
  }

  return (
    <form onSubmit={submit} method="post">
      <Stack gap="md">
        <ProblemAlert error={unlock.error} title="The file stays closed" />
        <PasswordInput
          label="Password"
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          maxLength={1_000}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={unlock.isPending} fullWidth>
          Continue
        </Button>
      </Stack>
    </form>
  );
}
