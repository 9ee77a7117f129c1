"use client";

import { Checkbox, NativeSelect, NumberInput, Radio, Stack, Text } from "@mantine/core";
import type { ExportDraft } from "./draft";

interface FileOptionsProps {
  draft: ExportDraft;
  onChange: (part: Partial<ExportDraft>) => void;
}

const DELIMITERS: readonly { value: ExportDraft["csv"]["delimiter"]; label: string }[] = [
  { value: ",", label: "Comma ( , )" },
  { value: ";", label: "Semicolon ( ; )" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar ( | )" },
];
const COMPRESSIONS: readonly { value: ExportDraft["compression"]; label: string }[] = [
  { value: "none", label: "Not compressed" },
  { value: "zip", label: "ZIP" },
  { value: "gzip", label: "gzip" },
];

/** How the file is written: of CSV its dialect, and whether it is compressed. */
export function FileOptions({ draft, onChange }: FileOptionsProps) {
  if (draft.format === "xlsx") {
    return (
      <Text size="sm" c="dimmed">
        A workbook is a compressed file already. Text that looks like a formula stays text.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {draft.format === "csv" ? <CsvOptions draft={draft} onChange={onChange} /> : null}
      <Radio.Group
        label="Compression"
        description={
          draft.format === "csv"
            ? "Several files, of several collections above all, always come in a ZIP."
            : undefined
        }
        value={draft.compression}
        onChange={(value) =>
          onChange({ compression: COMPRESSIONS.find((c) => c.value === value)?.value ?? "none" })
        }
      >
        <Stack gap="xs" mt="xs">
          {COMPRESSIONS.map((compression) => (
            <Radio key={compression.value} {...compression} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.compression === "none" ? null : (
        <NumberInput
          label="Level"
          description="1 is fastest, 9 smallest."
          min={1}
          max={9}
          clampBehavior="strict"
          allowDecimal={false}
          value={draft.level}
          onChange={(level) => onChange({ level: typeof level === "number" ? level : 6 })}
          maw={160}
        />
      )}
    </Stack>
  );
}

function CsvOptions({ draft, onChange }: FileOptionsProps) {
  const { csv } = draft;
  const set = (part: Partial<ExportDraft["csv"]>) => onChange({ csv: { ...csv, ...part } });
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Cells are divided by"
        value={csv.delimiter}
        onChange={(event) =>
          set({ delimiter: DELIMITERS.find((d) => d.value === event.currentTarget.value)?.value ?? "," })
        }
        data={[...DELIMITERS]}
        maw={260}
      />
      <Checkbox
        checked={csv.bom}
        onChange={(event) => set({ bom: event.currentTarget.checked })}
        label="Mark as UTF-8 (BOM)"
        description="Excel needs it to show accents and other scripts."
      />
      <Checkbox
        checked={csv.formulaSafe}
        onChange={(event) => set({ formulaSafe: event.currentTarget.checked })}
        label="Safe to open in a spreadsheet"
        description="Text that looks like a formula is guarded; importing it again takes the guard away."
      />
    </Stack>
  );
}
