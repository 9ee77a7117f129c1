"use client";

import { Button, Group, NativeSelect, NumberInput, PasswordInput, Stack, Text } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Export } from "@/lib/contracts/exports";
import type { NewShare } from "@/lib/contracts/shares";
import { useCreateShare } from "./queries";
import { durationChoices, usualDuration } from "./words";

interface ShareFormProps {
  one: Export;
  onMade: (share: NewShare) => void;
}

/** Asks how long a link to an export lasts and how it is guarded, and makes it. */
export function ShareForm({ one, onMade }: ShareFormProps) {
  const create = useCreateShare(one.id);
  const [choices] = useState(() => durationChoices(one.expiresAt, Date.now()));
  const [hours, setHours] = useState(() => usualDuration(choices));
  const [password, setPassword] = useState("");
  const [downloadsMax, setDownloadsMax] = useState<number | string>("");

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = {
      expiresInHours: hours,
      ...(password === "" ? {} : { password }),
      ...(typeof downloadsMax === "number" ? { downloadsMax } : {}),
    };
    create.mutate(body, { onSuccess: onMade });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">
          Whoever has the link can download the file, without an account.
          {one.request.privacy ? " The page says what was withheld of personal data." : ""}
        </Text>
        <NativeSelect
          label="The link works for"
          description={`The file itself is kept until ${formatMoment(one.expiresAt)}.`}
          data-autofocus
          // Also where the form comes back in place of a link that was made.
          autoFocus
          value={String(hours)}
          onChange={(event) => setHours(Number(event.currentTarget.value))}
          data={choices.map((choice) => ({ value: String(choice.hours), label: choice.label }))}
        />
        <PasswordInput
          label="Password"
          description="Optional, 8 characters or more. Tell it by another way than the link."
          autoComplete="new-password"
          minLength={8}
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <NumberInput
          label="Downloads at most"
          description="Optional. The link is used up after as many."
          min={1}
          max={10_000}
          allowDecimal={false}
          clampBehavior="strict"
          value={downloadsMax}
          onChange={setDownloadsMax}
        />
        <ProblemAlert error={create.error} title="The link was not made" />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} leftSection={<IconLink size={17} aria-hidden />}>
            Create link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
