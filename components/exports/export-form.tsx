"use client";

import { Accordion, Button, Checkbox, Group, MultiSelect, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import type { CreateExportInput, ExportFormat } from "@/lib/contracts/exports";
import { isPersonal } from "@/lib/core/privacy/personal";
import { CategoryChoice, CollectionChoice } from "./content-choice";
import { chosenOf, newDraft, requestOf, type ExportDraft } from "./draft";
import { FileOptions } from "./file-options";
import { PrivacyChoice } from "./privacy-choice";
import { RecordChoice } from "./record-choice";

interface ExportFormProps {
  /** All that could be exported. */
  collections: readonly Collection[];
  /** The one whose page this is; without it, collections are chosen here. */
  only?: Collection;
  busy: boolean;
  error: unknown;
  onStart: (request: CreateExportInput) => void;
  onClose: () => void;
}

const FORMATS: readonly { value: ExportFormat; label: string; description: string }[] = [
  { value: "csv", label: "CSV", description: "For spreadsheets and other programs." },
  {
    value: "xlsx",
    label: "Excel",
    description:
      "A workbook with dates and numbers as such, a sheet for each collection. Comes back without loss.",
  },
  {
    value: "json",
    label: "JSON",
    description: "Complete, with types, ids and versions. Comes back without loss.",
  },
  {
    value: "ndjson",
    label: "NDJSON",
    description: "The same with one record a line: for scripts, and for very large collections.",
  },
];

/** Everything that can be chosen about an export; what nobody opens stays as most people want it. */
export function ExportForm({ collections, only, busy, error, onStart, onClose }: ExportFormProps) {
  const [draft, setDraft] = useState<ExportDraft>(() => newDraft(only ? [only.id] : "all"));
  const change = (part: Partial<ExportDraft>) => setDraft({ ...draft, ...part });
  const chosen = chosenOf(draft, only ? [only] : collections);
  const nothing = chosen.length === 0 && draft.categories.length === 0;
  const records = chosen.reduce((sum, { recordCount }) => sum + recordCount, 0);
  return (
    <Stack gap="md">
      {only ? null : <CollectionChoice draft={draft} collections={collections} onChange={change} />}
      <Radio.Group
        label="Format"
        value={draft.format}
        onChange={(value) => change({ format: FORMATS.find((f) => f.value === value)?.value ?? "csv" })}
      >
        <Stack gap="xs" mt="xs">
          {FORMATS.map((format) => (
            <Radio key={format.value} {...format} />
          ))}
        </Stack>
      </Radio.Group>
      <Accordion variant="contained" chevronPosition="left" multiple>
        <Section value="records" title="Records" summary={recordsSummary(draft, records)}>
          <RecordChoice draft={draft} collections={chosen} onChange={change} />
        </Section>
        {chosen.length === 1 && chosen[0] ? (
          <Section
            value="fields"
            title="Fields"
            summary={draft.fields ? `${draft.fields.length} chosen` : "all"}
          >
            <FieldChoice draft={draft} collection={chosen[0]} onChange={change} />
          </Section>
        ) : null}
        <Section value="privacy" title="Personal data" summary={privacySummary(draft, chosen)}>
          <PrivacyChoice draft={draft} collections={chosen} onChange={change} />
        </Section>
        <Section value="file" title="File" summary={fileSummary(draft)}>
          <FileOptions draft={draft} onChange={change} />
        </Section>
        <Section
          value="account"
          title="About your account"
          summary={draft.categories.length > 0 ? draft.categories.join(", ") : "not included"}
        >
          <CategoryChoice draft={draft} onChange={change} />
        </Section>
      </Accordion>
      <ProblemAlert error={error} title="The export did not begin" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} disabled={nothing} onClick={() => onStart(requestOf(draft))}>
          Export
        </Button>
      </Group>
    </Stack>
  );
}

interface SectionProps {
  value: string;
  title: string;
  summary: string;
  children: React.ReactNode;
}

function Section({ value, title, summary, children }: SectionProps) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" fw={550}>
            {title}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {summary}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

interface FieldChoiceProps {
  draft: ExportDraft;
  collection: Collection;
  onChange: (part: Partial<ExportDraft>) => void;
}

function FieldChoice({ draft, collection, onChange }: FieldChoiceProps) {
  const table = draft.format === "csv" || draft.format === "xlsx";
  return (
    <Stack gap="sm">
      <MultiSelect
        label="Only these fields"
        description="In the order in which you choose them. All when none is chosen."
        data={collection.fields.map(({ name, label }) => ({ value: name, label }))}
        value={draft.fields ?? []}
        onChange={(fields) => onChange({ fields: fields.length > 0 ? fields : null })}
        searchable
        clearable
      />
      {table ? (
        <Checkbox
          checked={draft.metadata}
          onChange={(event) => onChange({ metadata: event.currentTarget.checked })}
          label="Also id, version, times and source of each record"
        />
      ) : null}
    </Stack>
  );
}

function recordsSummary({ filters, range }: ExportDraft, records: number): string {
  const narrowed = filters.length > 0 || range.start !== "" || range.end !== "";
  return narrowed ? "some" : `all, ${countOf(records, "record")}`;
}

function privacySummary({ privacy }: ExportDraft, collections: readonly Collection[]): string {
  if (privacy === "exclude") return "left out";
  if (privacy === "anonymize") return "pseudonyms";
  const marked = collections.reduce(
    (sum, c) => sum + c.fields.filter((f) => isPersonal(f, c.template)).length,
    0,
  );
  return marked === 0 ? "none marked" : `included, ${countOf(marked, "field")}`;
}

function fileSummary({ format, compression }: ExportDraft): string {
  if (format === "xlsx") return "compressed as it is";
  return compression === "none" ? "not compressed" : compression;
}
