import { Alert, Radio, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ImportOptions } from "@/lib/contracts/imports";
import { STRATEGIES, type Strategy } from "./words";

interface StrategyOptionsProps {
  options: ImportOptions;
  set: (part: Partial<ImportOptions>) => void;
}

/** What the file does to the collection as a whole. */
export function StrategyOptions({ options, set }: StrategyOptionsProps) {
  return (
    <Radio.Group
      label="What the file does to the collection"
      value={options.strategy}
      onChange={(value: Strategy) => set({ strategy: value })}
    >
      <Stack gap="xs" mt="xs">
        {STRATEGIES.map(({ value, label, description }) => (
          <Radio key={value} value={value} label={label} description={description} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

/** Stays in sight while "replace" is chosen, also with the options folded away. */
export function ReplaceWarning() {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title="Records that the file does not have will be removed"
    >
      You are shown how many before anything happens, and the import can be undone. If rows of the file cannot
      be stored, or it can be read only in part, nothing is removed.
    </Alert>
  );
}
