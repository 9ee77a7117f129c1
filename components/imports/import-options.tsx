"use client";

import { Radio, Stack, Switch, Title } from "@mantine/core";
import type { ImportOptions } from "@/lib/contracts/imports";
import { useChangeDraft } from "./queries";
import type { ImportView } from "./types";

type Strategy = ImportOptions["strategy"];

const STRATEGIES: readonly { value: Strategy; label: string; description: string }[] = [
  {
    value: "merge",
    label: "Add new rows and update known ones",
    description: "Where a row clashes with a record you have, you are asked what to do.",
  },
  {
    value: "skipExisting",
    label: "Add new rows only",
    description: "Rows that you have already are passed over.",
  },
  {
    value: "updateOnly",
    label: "Update known rows only",
    description: "Rows that you do not have are passed over.",
  },
  {
    value: "insertOnly",
    label: "Add every row",
    description: "Also rows that you have already: they are stored a second time.",
  },
];

/** What happens to rows that are known already, and to rows that cannot be stored. */
export function ImportOptionsForm({ view }: { view: ImportView }) {
  const change = useChangeDraft(view.id);
  const { options } = view;
  // Whole options each time: what is left out of them would fall back to its default.
  const set = (part: Partial<ImportOptions>) => change.mutate({ options: { ...options, ...part } });
  return (
    <Stack gap="sm" component="section" aria-labelledby="options-title">
      <Title order={2} id="options-title">
        How to import
      </Title>
      {view.collectionId ? (
        <Radio.Group
          label="Rows that are in the collection already"
          value={options.strategy}
          onChange={(strategy) => set({ strategy: strategy })}
        >
          <Stack gap="xs" mt="xs">
            {STRATEGIES.map((strategy) => (
              <Radio
                key={strategy.value}
                value={strategy.value}
                label={strategy.label}
                description={strategy.description}
              />
            ))}
          </Stack>
        </Radio.Group>
      ) : null}
      <Switch
        checked={options.validation.strict}
        onChange={(event) =>
          set({ validation: { ...options.validation, strict: event.currentTarget.checked } })
        }
        label="All or nothing"
        description="One row that cannot be stored stops the import. Otherwise such rows are left out and listed for you."
      />
    </Stack>
  );
}
