"use client";

import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import Link from "next/link";
import { useState, type FormEvent } from "react";
import { api } from "@/components/api";
import { ProblemAlert } from "@/components/problem-alert";
import { FrontCard } from "@/components/ui/front-card";
import { signInWithPassword } from "./sign-in";
import { textOf } from "./sign-in-form";

const PASSWORD_CHARS_MIN = 8;

export function SignUpForm() {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = textOf(form, "email").trim();
    const password = textOf(form, "password");
    const name = textOf(form, "name").trim();
    setBusy(true);
    setError(null);
    try {
      await api("/api/v1/auth/sign-up", { body: { email, password, ...(name ? { name } : {}) } });
    } catch (problem) {
      setError(problem);
      setBusy(false);
      return;
    }
    const outcome = await signInWithPassword(email, password);
    window.location.assign(outcome.ok ? "/" : "/sign-in");
  }

  return (
    <FrontCard
      title="Create an account"
      description="It lives on this server only."
      footer={
        <>
          Already have one?{" "}
          <Anchor component={Link} href="/sign-in" inherit underline="always">
            Sign in
          </Anchor>
        </>
      }
    >
      <form onSubmit={submit} method="post">
        <Stack gap="md">
          <ProblemAlert error={error} title="No account was created" />
          <TextInput name="name" label="Name" description="Optional" autoComplete="name" maxLength={100} />
          <TextInput
            name="email"
            type="email"
            label="E-mail address"
            autoComplete="username"
            inputMode="email"
            required
            withAsterisk={false}
          />
          <PasswordInput
            name="password"
            label="Password"
            description={`At least ${PASSWORD_CHARS_MIN} characters`}
            autoComplete="new-password"
            minLength={PASSWORD_CHARS_MIN}
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={busy} fullWidth>
            Create account
          </Button>
        </Stack>
      </form>
    </FrontCard>
  );
}
