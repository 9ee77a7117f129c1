"use client";

import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import Link from "next/link";
import { useState, type FormEvent } from "react";
import { FrontCard } from "@/components/ui/front-card";
import { safeNext, signInWithPassword } from "./sign-in";

export function SignInForm({ next }: { next?: string }) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setMessage(null);
    const outcome = await signInWithPassword(textOf(form, "email").trim(), textOf(form, "password"));
    if (outcome.ok) {
      // A full load: every page must see the new session, and the password manager the navigation.
      window.location.assign(safeNext(next));
      return;
    }
    setMessage(outcome.message);
    setBusy(false);
  }

  return (
    <FrontCard
      title="Sign in"
      description="Your collections, imports and exports."
      footer={
        <>
          New here?{" "}
          <Anchor component={Link} href="/sign-up" inherit underline="always">
            Create an account
          </Anchor>
        </>
      }
    >
      <form onSubmit={submit} method="post">
        <Stack gap="md">
          {message ? (
            <Alert color="red" role="alert">
              {message}
            </Alert>
          ) : null}
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
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={busy} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </FrontCard>
  );
}

export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
