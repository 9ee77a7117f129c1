"use client";

import { Accordion, Badge, Group, List, NativeSelect, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { countOf, formatCount } from "@/components/format";
import type { SourceOptions } from "@/lib/core/formats/types";
import { changedSource } from "./mapping-edits";
import { useChangeDraft } from "./queries";
import type { ImportView } from "@/lib/contracts/import-view";

const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1258",
  "iso-8859-1",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "big5",
];
const DELIMITERS = [
  { value: ",", label: "Comma ( , )" },
  { value: ";", label: "Semicolon ( ; )" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar ( | )" },
  { value: ":", label: "Colon ( : )" },
];
const HEADER_ROWS_OFFERED = 20;
const FORMAT_NAMES = {
  csv: "Delimited text",
  xlsx: "Excel workbook",
  json: "JSON",
  ndjson: "NDJSON",
} as const;

/** What was found out about the file, why, and how it can be corrected. */
export function SourcePanel({ view }: { view: ImportView }) {
  const change = useChangeDraft(view.id);
  const { detection, source } = view;
  const isJson = detection.format === "json" || detection.format === "ndjson";
  const set = (part: Partial<SourceOptions>) => change.mutate({ source: changedSource(source, part) });
  return (
    <Stack gap="sm" component="section" aria-labelledby="source-title">
      <Group justify="space-between" gap="xs">
        <Title order={2} id="source-title">
          The file
        </Title>
        <Group gap={6}>
          <Badge>{FORMAT_NAMES[detection.format]}</Badge>
          <Badge color="gray">{countOf(detection.columns.length, "column")}</Badge>
          <Badge color="gray">
            {detection.rowEstimateExact ? "" : "about "}
            {countOf(detection.rowEstimate, "row")}
          </Badge>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
        {detection.sheets && detection.sheets.length > 1 ? (
          <NativeSelect
            label={sheetsLabel(view)}
            value={String(sheetIndex(view))}
            onChange={(event) => set({ sheet: Number(event.currentTarget.value) })}
            data={detection.sheets.map((sheet) => ({ value: String(sheet.index), label: sheet.name }))}
          />
        ) : null}
        {detection.format === "csv" ? (
          <>
            <NativeSelect
              label="Encoding"
              value={source.encoding ?? "utf-8"}
              onChange={(event) => set({ encoding: event.currentTarget.value })}
              data={withCurrent(ENCODINGS, source.encoding)}
            />
            <NativeSelect
              label="Cells are divided by"
              value={source.delimiter ?? ","}
              onChange={(event) => set({ delimiter: event.currentTarget.value })}
              data={
                DELIMITERS.some((d) => d.value === source.delimiter) || source.delimiter === undefined
                  ? DELIMITERS
                  : [...DELIMITERS, { value: source.delimiter, label: `“${source.delimiter}”` }]
              }
            />
          </>
        ) : null}
        {isJson ? null : (
          <NativeSelect
            label="Column names are in"
            value={String(source.headerRow ?? 1)}
            onChange={(event) => set({ headerRow: Number(event.currentTarget.value) })}
            data={headerRows(source.headerRow ?? 1)}
          />
        )}
      </SimpleGrid>
      {detection.evidence.length > 0 ? (
        <Accordion variant="contained" chevronPosition="left">
          <Accordion.Item value="evidence">
            <Accordion.Control>
              <Text size="sm">How Ferry found this out</Text>
            </Accordion.Control>
            <Accordion.Panel>
              <List size="sm" spacing={4}>
                {detection.evidence.map((sentence, index) => (
                  <List.Item key={index}>{sentence}</List.Item>
                ))}
              </List>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      ) : null}
    </Stack>
  );
}

/** Of an archive with several files they are what is chosen from. */
function sheetsLabel({ detection: { format, packed, sheets } }: ImportView): string {
  if (packed && sheets?.some((sheet) => sheet.name === packed.entry)) return "File in the archive";
  return format === "xlsx" ? "Sheet" : "Part of the file";
}

function sheetIndex({ source, detection }: ImportView): number {
  if (typeof source.sheet === "number") return source.sheet;
  return detection.sheets?.find((sheet) => sheet.name === source.sheet)?.index ?? 0;
}

function headerRows(current: number): { value: string; label: string }[] {
  const most = Math.max(HEADER_ROWS_OFFERED, current);
  const rows = Array.from({ length: most }, (_, index) => ({
    value: String(index + 1),
    label: `Row ${formatCount(index + 1)}`,
  }));
  return [...rows, { value: "0", label: "No row: the file has no names" }];
}

function withCurrent(values: readonly string[], current: string | undefined): string[] {
  return current === undefined || values.includes(current) ? [...values] : [current, ...values];
}
