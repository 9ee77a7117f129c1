"use client";

import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import type { MatchRule } from "@/lib/core/matching/types";
import { matchingQuery, useSaveMatching } from "./queries";
import { isSameRule, problemsOf } from "./rule-edits";
import { RuleForm } from "./rule-form";
import { Trial } from "./trial";

interface MatchingEditorProps {
  collection: Pick<Collection, "id" | "fields">;
  /** The import whose rows the rule is tried on; one that waits for its review when left out. */
  importId?: string;
  onSaved?: () => void;
}

/** How records of a collection are compared with rows of a file when matching goes by likeness, and what that finds. */
export function MatchingEditor({ collection, importId, onSaved }: MatchingEditorProps) {
  const matching = useQuery(matchingQuery(collection.id));
  const save = useSaveMatching(collection.id);
  const [draft, setDraft] = useState<MatchRule | null>(null);
  if (matching.isPending) return <Skeleton height={320} radius="lg" />;
  if (matching.isError && !matching.data) {
    return (
      <ProblemAlert
        error={matching.error}
        title="The rule could not be loaded"
        onRetry={() => void matching.refetch()}
      />
    );
  }
  const { rule: stored, isDefault } = matching.data;
  const rule = draft ?? stored;
  const changed = !isSameRule(rule, stored);
  const sound = problemsOf(rule, collection.fields).size === 0;
  const store = (next: MatchRule | null) =>
    save.mutate(next, {
      onSuccess: () => {
        setDraft(null);
        notifications.show({
          message: next === null ? "The standard rule holds again." : "The rule was stored.",
        });
        onSaved?.();
      },
    });
  return (
    <Stack gap="xl">
      <Stack gap="md" component="section" aria-label="Matching rule">
        <Text size="sm" c="dimmed" maw={720}>
          Imports that match by likeness compare each row with your records field by field. A field adds its
          weight in full when the values are equal, in part when they are close. From the limit on, the row is
          taken for that record; a required field that is wholly different rules it out.
        </Text>
        <RuleForm fields={collection.fields} rule={rule} onChange={setDraft} />
        <ProblemAlert error={save.error} title="The rule was not stored" />
        <Group justify="space-between">
          <Button
            variant="subtle"
            color="gray"
            c="dimmed"
            disabled={isDefault && !changed}
            loading={save.isPending && save.variables === null}
            onClick={() => (isDefault ? setDraft(null) : store(null))}
          >
            Reset to the standard rule
          </Button>
          <Group gap="xs">
            {changed ? (
              <Button variant="default" onClick={() => setDraft(null)}>
                Discard changes
              </Button>
            ) : null}
            <Button
              disabled={!changed || !sound}
              loading={save.isPending && save.variables !== null}
              onClick={() => store(rule)}
            >
              Store the rule
            </Button>
          </Group>
        </Group>
      </Stack>
      {sound ? (
        <Trial collectionId={collection.id} fields={collection.fields} rule={rule} importId={importId} />
      ) : null}
    </Stack>
  );
}
