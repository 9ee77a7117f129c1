"use client";

import { NativeSelect, SimpleGrid, Stack, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { collectionsQuery } from "@/components/collections/queries";
import { countOf } from "@/components/format";
import type { ChangeMapping } from "@/lib/contracts/imports";
import { TEMPLATES } from "@/lib/core/templates/templates";
import { collectionNameFor } from "./propose-target";
import { useChangeDraft } from "./queries";
import type { ImportView } from "@/lib/contracts/import-view";

const NEW = "new:";

type Template = NonNullable<NonNullable<ChangeMapping["newCollection"]>["template"]>;

/** Where the rows go: a collection that is there, or a new one. */
export function TargetPanel({ view }: { view: ImportView }) {
  const collections = useQuery(collectionsQuery);
  const change = useChangeDraft(view.id);

  function choose(value: string) {
    if (!value.startsWith(NEW)) {
      change.mutate({ collectionId: value });
      return;
    }
    const template = value.slice(NEW.length) as Template;
    const name = TEMPLATES.find((t) => t.id === template)?.name ?? collectionNameFor(view.fileName);
    change.mutate({ newCollection: { name, template } });
  }

  const own = (collections.data ?? []).map((collection) => ({
    value: collection.id,
    label: `${collection.name} (${countOf(collection.recordCount, "record")})`,
  }));
  const fresh = [
    ...TEMPLATES.map((template) => ({ value: NEW + template.id, label: `New: ${template.name}` })),
    { value: `${NEW}table`, label: "New: table from this file’s columns" },
  ];
  return (
    <Stack gap="sm" component="section" aria-labelledby="target-title">
      <Title order={2} id="target-title">
        Where it goes
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect
          label="Collection"
          value={view.collectionId ?? NEW + (view.newCollection?.template ?? "table")}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { group: "New collection", items: fresh },
            ...(own.length > 0 ? [{ group: "Your collections", items: own }] : []),
          ]}
        />
        {view.newCollection ? <NewName key={view.newCollection.template ?? ""} view={view} /> : null}
      </SimpleGrid>
    </Stack>
  );
}

function NewName({ view }: { view: ImportView }) {
  const change = useChangeDraft(view.id);
  const saved = view.newCollection?.name ?? "";
  const [name, setName] = useState(saved);

  function save() {
    const next = name.trim();
    if (next === "" || next === saved) {
      setName(saved);
      return;
    }
    const template = (view.newCollection?.template ?? "table") as Template;
    // The mapping goes along: a new name is no reason to propose it anew.
    change.mutate({ newCollection: { name: next, template }, mapping: view.mapping });
  }

  return (
    <TextInput
      label="Its name"
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
      }}
      maxLength={200}
    />
  );
}
