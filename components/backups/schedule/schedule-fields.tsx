"use client";

import {
  NativeSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
  Title,
} from "@mantine/core";
import { useMemo } from "react";
import type { Frequency, PolicyDraft } from "./policy-draft";
import { WEEKDAYS } from "./words";

interface FieldsProps {
  draft: PolicyDraft;
  onChange: (part: Partial<PolicyDraft>) => void;
}

const FREQUENCIES: readonly { value: Frequency; label: string }[] = [
  { value: "hourly", label: "Every hour" },
  { value: "daily", label: "Every day" },
  { value: "weekly", label: "Every week" },
  { value: "monthly", label: "Every month" },
];

const PAUSED =
  "Paused, and remembered as it is: backups are made by hand only. What is kept, below, still holds; rules that count days count them from the newest backup, so a pause alone removes nothing.";

/** How often, when, and by whose clock. */
export function ScheduleFields({ draft, onChange }: FieldsProps) {
  const zones = useZones(draft.timeZone);
  const { frequency, isOn } = draft;
  return (
    <Stack gap="md">
      <Title order={2}>When</Title>
      <Switch
        checked={isOn}
        onChange={(event) => onChange({ isOn: event.currentTarget.checked })}
        label="Make backups by themselves"
        description={isOn ? undefined : draft.isSet ? PAUSED : "Until then backups are made by hand only."}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="How often"
          disabled={!isOn}
          data={[...FREQUENCIES]}
          value={frequency}
          onChange={(event) =>
            onChange({
              frequency: FREQUENCIES.find((f) => f.value === event.currentTarget.value)?.value ?? "daily",
            })
          }
        />
        {frequency === "weekly" ? (
          <NativeSelect
            label="Day of the week"
            disabled={!isOn}
            data={WEEKDAYS.map((label, index) => ({ value: String(index + 1), label }))}
            value={String(draft.weekday)}
            onChange={(event) => onChange({ weekday: Number(event.currentTarget.value) })}
          />
        ) : null}
        {frequency === "monthly" ? (
          <NumberInput
            label="Day of the month"
            disabled={!isOn}
            min={1}
            max={31}
            clampBehavior="strict"
            allowDecimal={false}
            value={draft.dayOfMonth}
            onChange={(value) => onChange({ dayOfMonth: typeof value === "number" ? value : 1 })}
            description={draft.dayOfMonth > 28 ? "The last day of shorter months." : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
          />
        ) : null}
        {frequency === "hourly" ? (
          <NumberInput
            label="Minutes past the hour"
            disabled={!isOn}
            min={0}
            max={59}
            clampBehavior="strict"
            allowDecimal={false}
            value={Number(draft.time.slice(3)) || 0}
            onChange={(value) =>
              onChange({ time: `00:${String(typeof value === "number" ? value : 0).padStart(2, "0")}` })
            }
          />
        ) : (
          <TextInput
            type="time"
            label="Time"
            disabled={!isOn}
            value={draft.time}
            onChange={(event) => onChange({ time: event.currentTarget.value.slice(0, 5) })}
            error={draft.time === "" ? "Choose a time." : undefined}
          />
        )}
        <Select
          label="Time zone"
          disabled={!isOn}
          data={zones}
          searchable
          limit={60}
          allowDeselect={false}
          nothingFoundMessage="There is no such zone. Try a city, such as Berlin."
          value={draft.timeZone}
          onChange={(timeZone) => (timeZone ? onChange({ timeZone }) : undefined)}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** Every zone that the browser knows, and the one that was chosen elsewhere. */
function useZones(chosen: string): string[] {
  return useMemo(
    () =>
      [...new Set(["UTC", chosen, ...Intl.supportedValuesOf("timeZone")])].sort((a, b) => a.localeCompare(b)),
    [chosen],
  );
}
