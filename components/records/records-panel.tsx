"use client";

import { Button, CloseButton, EmptyState, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import type { Collection } from "@/lib/contracts/collections";
import type { RecordView } from "@/lib/contracts/records";
import { columnsOf } from "./columns";
import { DeleteRecordDialog } from "./delete-record-dialog";
import { AddRecordDrawer, RecordDrawer } from "./record-drawer";
import { RecordGrid } from "./record-grid";

const SEARCH_SETTLE_MS = 300;

type Open = { kind: "add" } | { kind: "edit"; record: RecordView } | { kind: "delete"; record: RecordView };

/** The records of a collection: searched, sorted, edited, added to. */
export function RecordsPanel({ collection }: { collection: Collection }) {
  const [search, setSearch] = useState("");
  const [q] = useDebouncedValue(search.trim(), SEARCH_SETTLE_MS);
  const [sort, setSort] = useState<string | undefined>();
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useMemo(() => columnsOf(collection, new Date().toISOString().slice(0, 10)), [collection]);
  const selection = useMemo(() => ({ q, sort }), [q, sort]);
  const close = () => setOpen(null);

  return (
    <>
      <Group gap="sm" mb="sm">
        <TextInput
          type="search"
          aria-label="Search the records"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          leftSection={<IconSearch size={17} aria-hidden />}
          rightSection={
            search === "" ? null : (
              <CloseButton size="sm" aria-label="Clear the search" onClick={() => setSearch("")} />
            )
          }
          flex="1 1 12rem"
          maw={420}
        />
        <Button
          variant="light"
          leftSection={<IconPlus size={17} aria-hidden />}
          onClick={() => setOpen({ kind: "add" })}
        >
          Add record
        </Button>
      </Group>
      <RecordGrid
        key={`${q} ${sort ?? ""}`}
        collection={collection}
        columns={columns}
        selection={selection}
        onSort={setSort}
        onOpen={(record) => setOpen({ kind: "edit", record })}
        onDelete={(record) => setOpen({ kind: "delete", record })}
        empty={q === "" ? <NothingYet collection={collection} /> : <NothingFound q={q} />}
      />
      {open?.kind === "add" ? <AddRecordDrawer collection={collection} onClose={close} /> : null}
      {open?.kind === "edit" ? (
        <RecordDrawer
          collection={collection}
          record={open.record}
          onClose={close}
          onDelete={(record) => setOpen({ kind: "delete", record })}
          onReverted={(record) => setOpen({ kind: "edit", record })}
        />
      ) : null}
      {open?.kind === "delete" ? (
        <DeleteRecordDialog
          collectionId={collection.id}
          record={open.record}
          name={columns[0]?.text(open.record) ?? ""}
          onClose={close}
        />
      ) : null}
    </>
  );
}

function NothingYet({ collection }: { collection: Collection }) {
  return (
    <EmptyState title="No records yet" description="Import a file, or add the first one by hand.">
      <EmptyState.Actions>
        <Button component={Link} href={`/import?collection=${collection.id}`}>
          Import into this collection
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}

function NothingFound({ q }: { q: string }) {
  return <EmptyState title="Nothing found" description={`No record contains “${q}”.`} />;
}
