"use client";

import { Accordion, Badge, Group, Stack, Switch, Text, Title } from "@mantine/core";
import type { ImportOptions } from "@/lib/contracts/imports";
import { ConflictOptions } from "./options/conflict-options";
import { MatchingOptions } from "./options/matching-options";
import { ReplaceWarning, StrategyOptions } from "./options/strategy-options";
import { canClash, inOneSentence, unusual } from "./options/words";
import { useChangeDraft } from "./queries";
import type { ImportView } from "@/lib/contracts/import-view";

/**
 * What happens to rows that are known already, and to rows that cannot be stored: one sentence for everybody, the rest
 * behind "Options", where what is not as usual can be seen without opening it.
 */
export function ImportOptionsForm({ view }: { view: ImportView }) {
  const change = useChangeDraft(view.id);
  const { options } = view;
  const set = (part: Partial<ImportOptions>) => change.mutate({ options: part });
  const intoExisting = view.collectionId !== null;
  const differing = unusual(view);
  return (
    <Stack gap="sm" component="section" aria-labelledby="options-title">
      <Title order={2} id="options-title">
        How to import
      </Title>
      <Text size="sm">{inOneSentence(options, intoExisting)}</Text>
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="options">
          <Accordion.Control>
            <Group gap="xs">
              <Text size="sm" fw={550}>
                Options
              </Text>
              {differing.length === 0 ? (
                <Text size="sm" c="dimmed">
                  as usual
                </Text>
              ) : (
                differing.map((words) => <Badge key={words}>{words}</Badge>)
              )}
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="xl" pt="xs">
              {intoExisting ? <StrategyOptions options={options} set={set} /> : null}
              <MatchingOptions view={view} set={set} />
              {intoExisting && canClash(options) ? <ConflictOptions view={view} set={set} /> : null}
              <Switch
                checked={options.validation.strict}
                onChange={(event) =>
                  set({ validation: { ...options.validation, strict: event.currentTarget.checked } })
                }
                label="All or nothing"
                description="One row that cannot be stored stops the import. Otherwise such rows are left out and listed for you."
              />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {intoExisting && options.strategy === "replace" ? <ReplaceWarning /> : null}
    </Stack>
  );
}
