"use client";

import { Drawer, Tabs } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconHistory, IconTable } from "@tabler/icons-react";
import { useState } from "react";
import type { Collection } from "@/lib/contracts/collections";
import type { InputData, RecordView } from "@/lib/contracts/records";
import { inputText, inputValue } from "./field-values";
import { HistoryPanel } from "./history/history-panel";
import { historyQuery } from "./history/queries";
import { RecordForm } from "./record-form";

interface AddProps {
  collection: Collection;
  onClose: () => void;
}

/** An empty form, to add a record. */
export function AddRecordDrawer({ collection, onClose }: AddProps) {
  const form = useTexts(collection);
  return (
    <Drawer opened onClose={onClose} position="right" title="Add a record" size="md">
      <RecordForm collection={collection} {...form} onClose={onClose} />
    </Drawer>
  );
}

interface RecordDrawerProps extends AddProps {
  record: RecordView;
  onDelete: (record: RecordView) => void;
  /** The record has been set back and is another version now. */
  onReverted: (record: RecordView) => void;
}

/** A whole record: its values, to see and change, and its history, with the way back. */
export function RecordDrawer({ collection, record, onClose, onDelete, onReverted }: RecordDrawerProps) {
  const form = useTexts(collection, record);
  const history = useInfiniteQuery(historyQuery(collection.id, record.id));
  const setBy = history.data?.pages[0]?.setBy ?? (history.isError ? {} : undefined);
  return (
    <Drawer opened onClose={onClose} position="right" title="Record" size="md">
      <Tabs defaultValue="values">
        <Tabs.List mb="md">
          <Tabs.Tab value="values" leftSection={<IconTable size={16} aria-hidden />}>
            Values
          </Tabs.Tab>
          <Tabs.Tab value="history" leftSection={<IconHistory size={16} aria-hidden />}>
            History
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="values">
          <RecordForm
            collection={collection}
            record={record}
            {...form}
            setBy={setBy}
            onClose={onClose}
            onDelete={onDelete}
          />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel
            collection={collection}
            record={record}
            hasUnsaved={Object.keys(form.changed).length > 0}
            onReverted={(reverted) => {
              form.reset(reverted);
              onReverted(reverted);
            }}
          />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

/** What is typed into the fields of a record, and what of it differs from what is stored. */
function useTexts(collection: Collection, record?: RecordView) {
  const [texts, setTexts] = useState(() => textsOf(collection, record));
  return {
    texts,
    changed: changedData(collection, texts, record),
    onType: (field: string, text: string) => setTexts((before) => ({ ...before, [field]: text })),
    reset: (stored: RecordView) => setTexts(textsOf(collection, stored)),
  };
}

function textsOf(collection: Collection, record?: RecordView): Record<string, string> {
  return Object.fromEntries(collection.fields.map(({ name }) => [name, inputText(record?.data[name])]));
}

function changedData(collection: Collection, texts: Record<string, string>, record?: RecordView): InputData {
  const changed = collection.fields.filter(
    (field) => (texts[field.name] ?? "") !== inputText(record?.data[field.name]),
  );
  return Object.fromEntries(changed.map((field) => [field.name, inputValue(field, texts[field.name] ?? "")]));
}
