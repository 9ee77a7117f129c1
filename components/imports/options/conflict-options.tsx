import { NativeSelect, Stack, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ImportOptions } from "@/lib/contracts/imports";
import { sourceKeyOf } from "@/lib/core/changes/source-key";
import type { ImportView } from "@/lib/contracts/import-view";
import { CONFLICT_RULES, type OnConflict } from "./words";

interface ConflictOptionsProps {
  view: ImportView;
  set: (part: Partial<ImportOptions>) => void;
}

/** What counts as a clash between a row and a record, and what is done about one. */
export function ConflictOptions({ view, set }: ConflictOptionsProps) {
  const { onConflict, threeWay } = view.options;
  return (
    <Stack gap="md">
      <NativeSelect
        label="Where a row and a record clash"
        description={CONFLICT_RULES.find((rule) => rule.value === onConflict)?.description}
        value={onConflict}
        onChange={(event) => set({ onConflict: event.currentTarget.value as OnConflict })}
        data={CONFLICT_RULES.map(({ value, label }) => ({ value, label }))}
        maw={420}
      />
      <Switch
        checked={threeWay}
        onChange={(event) => set({ threeWay: event.currentTarget.checked })}
        label="Update silently what only the file changed"
        description="Ferry knows what this source gave each record the last time. What only the file changed since is taken, what only you changed stays, and just what both changed is a clash. Off: every difference is one."
      />
      {threeWay ? <SourceName key={view.options.sourceName ?? ""} view={view} set={set} /> : null}
    </Stack>
  );
}

function SourceName({ view, set }: ConflictOptionsProps) {
  const { fileName } = view;
  // The file's own name is what holds without a word.
  const stored = view.options.sourceName ?? fileName;
  const saved = stored === fileName ? "" : stored;
  const [name, setName] = useState(saved);
  function save() {
    const next = name.trim();
    if (next !== saved) set({ sourceName: next === "" ? fileName : next });
  }
  return (
    <TextInput
      label="Name of the source"
      description="Files of one source are versions of the same data. Give the name that you gave its earlier files."
      placeholder={sourceKeyOf(fileName)}
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
      }}
      maxLength={200}
      maw={420}
    />
  );
}
