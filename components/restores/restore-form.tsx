"use client";

import { Button, Card, Group, MultiSelect, Radio, Stack, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { KeyFields } from "@/components/backups/key-fields";
import { collectionsQuery } from "@/components/collections/queries";
import { ProblemAlert } from "@/components/problem-alert";
import type { Backup } from "@/lib/contracts/backups";
import { requestOf, type PlanSource, type RestoreDraft } from "./draft";
import { usePlanRestore } from "./queries";
import { STRATEGIES, strategyOf } from "./words";

interface RestoreFormProps {
  source: PlanSource | null;
  /** How it is encrypted; undefined for files, of which nobody knows it yet. */
  encryption: Backup["encryption"] | undefined;
  draft: RestoreDraft;
  onChange: (draft: RestoreDraft) => void;
}

/** The first step: what is to come back, in which way, and what opens the backup. Nothing is changed by it. */
export function RestoreForm({ source, encryption, draft, onChange }: RestoreFormProps) {
  const plan = usePlanRestore();
  const router = useRouter();
  const [tried, setTried] = useState(false);
  const set = (part: Partial<RestoreDraft>) => onChange({ ...draft, ...part });
  const needsKey =
    encryption !== undefined &&
    encryption.mode !== "server" &&
    draft.key.passphrase === undefined &&
    draft.key.identity === undefined;

  function look() {
    setTried(true);
    const request = source ? requestOf(draft, source) : undefined;
    if (!request || needsKey) return;
    plan.mutate(request, { onSuccess: ({ planId }) => router.push(`/backups/restores/${planId}`) });
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <Stack gap="lg">
        <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
          <WhatFields draft={draft} set={set} tried={tried} />
        </Card>
        <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
          <Radio.Group
            label="How"
            value={draft.strategy}
            onChange={(value) => set({ strategy: strategyOf(value) })}
          >
            <Stack gap="xs" mt="xs">
              {STRATEGIES.map((strategy) => (
                <Radio key={strategy.value} {...strategy} description={descriptionOf(strategy, draft)} />
              ))}
            </Stack>
          </Radio.Group>
        </Card>
        {encryption?.mode === "server" ? null : (
          <Card padding="lg" style={{ background: "var(--ferry-surface)" }}>
            {encryption ? (
              <KeyFields
                backup={{ encryption }}
                value={draft.key}
                onChange={(key) => set({ key })}
                error={tried && needsKey ? "Needed to open this backup." : undefined}
              />
            ) : (
              <EitherKey draft={draft} set={set} />
            )}
          </Card>
        )}
        <ProblemAlert error={plan.error} title="The backup was not opened" />
        <Group justify="flex-end">
          <Button type="submit" loading={plan.isPending} disabled={source === null}>
            Look at what would happen
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  draft: RestoreDraft;
  set: (part: Partial<RestoreDraft>) => void;
}

function WhatFields({ draft, set, tried }: PartProps & { tried: boolean }) {
  const collections = useQuery(collectionsQuery);
  return (
    <Stack gap="sm">
      <Radio.Group
        label="What"
        value={draft.what}
        onChange={(value) =>
          set({ what: value === "collections" || value === "search" ? value : "everything" })
        }
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="everything"
            label="Everything"
            description="All collections that the backup has. What else it holds you choose on the next page."
          />
          <Radio
            value="collections"
            label="Only some collections"
            description="One that was deleted since is not listed here: look at everything first, and choose there."
          />
          <Radio
            value="search"
            label="Only records with a certain text"
            description="A name or a number that occurs in them. Nothing is removed then."
          />
        </Stack>
      </Radio.Group>
      {draft.what === "collections" ? (
        <MultiSelect
          label="Collections"
          placeholder={draft.collections.length === 0 ? "Choose collections" : undefined}
          data={(collections.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.collections}
          onChange={(ids) => set({ collections: ids })}
          searchable
          clearable
          error={tried && draft.collections.length === 0 ? "Choose at least one." : undefined}
        />
      ) : null}
      {draft.what === "search" ? (
        <TextInput
          label="Text in the records"
          value={draft.search}
          onChange={(event) => set({ search: event.currentTarget.value })}
          maxLength={200}
          error={tried && draft.search.trim() === "" ? "Enter what the records hold." : undefined}
        />
      ) : null}
    </Stack>
  );
}

/** Nothing is removed where only some records are looked at, whatever else "as it was then" means. */
function descriptionOf({ value, description }: (typeof STRATEGIES)[number], { what }: RestoreDraft): string {
  if (value !== "overwrite" || what !== "search") return description;
  return "These records become what they were in the backup. Changes made to them since are taken back.";
}

function EitherKey({ draft, set }: PartProps) {
  return (
    <Stack gap="sm">
      <Title order={3}>What opens it</Title>
      <KeyFields
        backup={{ encryption: { mode: "passphrase" } }}
        value={draft.key}
        onChange={(key) => set({ key: { ...draft.key, passphrase: key.passphrase } })}
        label="Passphrase, if it has one"
      />
      <KeyFields
        backup={{ encryption: { mode: "recipients", recipients: [] } }}
        value={draft.key}
        onChange={(key) => set({ key: { ...draft.key, identity: key.identity } })}
        label="Or the secret key"
        description="AGE-SECRET-KEY-…, of your own pair or from the emergency kit of the Ferry that made the backup. Not needed for backups that this Ferry made for its own key."
      />
    </Stack>
  );
}
