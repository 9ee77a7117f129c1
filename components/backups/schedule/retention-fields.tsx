"use client";

import { Alert, NumberInput, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { keepsEverything, KEPT, type Kept, type PolicyDraft } from "./policy-draft";

interface RetentionFieldsProps {
  draft: PolicyDraft;
  onChange: (part: Partial<PolicyDraft>) => void;
}

const RULES: Record<Kept, { label: string; one: string }> = {
  keepLast: { label: "The newest", one: "backup" },
  keepDaily: { label: "One a day, for", one: "day" },
  keepWeekly: { label: "One a week, for", one: "week" },
  keepMonthly: { label: "One a month, for", one: "month" },
  keepYearly: { label: "One a year, for", one: "year" },
};

const COUNT_MAX = 10_000;
const DAYS_MAX = 36_500;

/** Which backups are kept; each that one rule wants stays. */
export function RetentionFields({ draft, onChange }: RetentionFieldsProps) {
  return (
    <Stack gap="md">
      <div>
        <Title order={2}>What is kept</Title>
        <Text size="sm" c="dimmed">
          A backup stays while at least one of these rules wants it, or while a kept one goes on from it. 0
          switches a rule off.
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {KEPT.map((rule) => (
          <NumberInput
            key={rule}
            label={RULES[rule].label}
            suffix={unit(RULES[rule].one, draft.retention[rule])}
            min={0}
            max={COUNT_MAX}
            clampBehavior="strict"
            allowDecimal={false}
            value={draft.retention[rule]}
            onChange={(value) =>
              onChange({
                retention: { ...draft.retention, [rule]: typeof value === "number" ? value : 0 },
              })
            }
          />
        ))}
        <NumberInput
          label="All of the last"
          suffix={unit("day", draft.keepWithinDays)}
          min={0}
          max={DAYS_MAX}
          clampBehavior="strict"
          allowDecimal={false}
          value={draft.keepWithinDays}
          onChange={(value) => onChange({ keepWithinDays: typeof value === "number" ? value : 0 })}
        />
      </SimpleGrid>
      {keepsEverything(draft) ? (
        <Alert role="note" color="yellow">
          Every rule is off: nothing is ever removed, and backups add up.
        </Alert>
      ) : null}
    </Stack>
  );
}

function unit(one: string, count: number): string {
  return count === 1 ? ` ${one}` : ` ${one}s`;
}
