"use client";

import { Button, Checkbox, Group, Modal, NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { IconDownload, IconFileExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf, formatBytes } from "@/components/format";
import { ProgressPanel } from "@/components/jobs/progress-panel";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import { exportQuery, useStartExport, type ExportRequest } from "./queries";

type Csv = NonNullable<ExportRequest["csv"]>;

export function ExportButton({ collection }: { collection: Collection }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileExport size={17} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Export
      </Button>
      {opened ? <ExportDialog collection={collection} onClose={() => setOpened(false)} /> : null}
    </>
  );
}

/** Chooses a format, makes the file in the background, and hands it over. */
function ExportDialog({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const start = useStartExport();
  return (
    <Modal opened onClose={onClose} title={`Export “${collection.name}”`} size="lg">
      {start.data ? (
        <ExportProgress id={start.data.id} jobId={start.data.jobId} onClose={onClose} />
      ) : (
        <ExportForm
          collection={collection}
          busy={start.isPending}
          error={start.error}
          onStart={(request) => start.mutate(request)}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

interface ExportFormProps {
  collection: Collection;
  busy: boolean;
  error: unknown;
  onStart: (request: ExportRequest) => void;
  onClose: () => void;
}

function ExportForm({ collection, busy, error, onStart, onClose }: ExportFormProps) {
  const [format, setFormat] = useState<"json" | "csv">("csv");
  const [csv, setCsv] = useState<Csv>({ bom: true, delimiter: ",", formulaSafe: true });
  const [compressed, setCompressed] = useState(false);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {countOf(collection.recordCount, "record")} with all their fields.
      </Text>
      <Radio.Group
        label="Format"
        value={format}
        onChange={(value) => setFormat(value === "json" ? "json" : "csv")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="csv" label="CSV" description="For spreadsheets and other programs." />
          <Radio
            value="json"
            label="JSON"
            description="Complete, with types, ids and versions: can be imported again without loss."
          />
        </Stack>
      </Radio.Group>
      {format === "csv" ? <CsvOptions csv={csv} onChange={setCsv} /> : null}
      <Checkbox
        checked={compressed}
        onChange={(event) => setCompressed(event.currentTarget.checked)}
        label="Compress it (gzip)"
      />
      <ProblemAlert error={error} title="The export did not begin" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={busy}
          onClick={() =>
            onStart({
              format,
              collections: [collection.id],
              ...(format === "csv" ? { csv } : {}),
              ...(compressed ? { compression: { algorithm: "gzip" } } : {}),
            })
          }
        >
          Export
        </Button>
      </Group>
    </Stack>
  );
}

function CsvOptions({ csv, onChange }: { csv: Csv; onChange: (csv: Csv) => void }) {
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Cells are divided by"
        value={csv.delimiter}
        onChange={(event) => onChange({ ...csv, delimiter: event.currentTarget.value as Csv["delimiter"] })}
        data={[
          { value: ",", label: "Comma ( , )" },
          { value: ";", label: "Semicolon ( ; )" },
          { value: "\t", label: "Tab" },
          { value: "|", label: "Bar ( | )" },
        ]}
        maw={260}
      />
      <Checkbox
        checked={csv.bom}
        onChange={(event) => onChange({ ...csv, bom: event.currentTarget.checked })}
        label="Mark as UTF-8 (BOM)"
        description="Excel needs it to show accents and other scripts."
      />
      <Checkbox
        checked={csv.formulaSafe}
        onChange={(event) => onChange({ ...csv, formulaSafe: event.currentTarget.checked })}
        label="Safe to open in a spreadsheet"
        description="Text that looks like a formula is guarded; importing it again takes the guard away."
      />
    </Stack>
  );
}

function ExportProgress({ id, jobId, onClose }: { id: string; jobId: string; onClose: () => void }) {
  const made = useQuery(exportQuery(id));
  const ready = made.data?.state === "completed" ? made.data : undefined;
  return (
    <Stack gap="md">
      {ready ? null : <ProgressPanel jobId={jobId} />}
      {made.data?.failure ? <Text size="sm">{made.data.failure.message}</Text> : null}
      <ProblemAlert error={made.error} title="The export could not be looked up" />
      {ready ? (
        <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }}>
          {ready.fileName} is ready{ready.size === null ? "" : ` (${formatBytes(ready.size)})`}. It stays
          under Activity until it expires.
        </Text>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {ready ? (
          <Button
            component="a"
            href={ready.downloadUrl ?? `/api/v1/exports/${id}/download`}
            download={ready.fileName}
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            Download
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}
