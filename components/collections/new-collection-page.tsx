"use client";

import { Anchor, Button, Group, Radio, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { TEMPLATES } from "@/lib/core/templates/templates";
import type { TemplateId } from "@/lib/core/templates/types";
import classes from "./collections.module.css";
import { fieldInputs, FieldsEditor, newField, type DraftField } from "./fields-editor";
import { useCreateCollection } from "./queries";
import { TemplateIcon } from "./template-look";

type Kind = TemplateId | "table";

/** A new, empty collection: from a template, or with fields of the person's own. */
export function NewCollectionPage({ initial }: { initial?: string }) {
  const known = TEMPLATES.find((template) => template.id === initial);
  const [kind, setKind] = useState<Kind>(known?.id ?? "table");
  const [name, setName] = useState(known?.name ?? "");
  const [fields, setFields] = useState<DraftField[]>([newField()]);
  const create = useCreateCollection();
  const router = useRouter();

  function choose(next: Kind) {
    const before = TEMPLATES.find((template) => template.id === kind)?.name ?? "";
    setKind(next);
    // A name the person typed stays; one that came from a template goes with it.
    if (name === "" || name === before)
      setName(TEMPLATES.find((template) => template.id === next)?.name ?? "");
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const body =
      kind === "table"
        ? { name: name.trim(), fields: fieldInputs(fields) }
        : { name: name.trim(), template: kind };
    create.mutate(body, { onSuccess: (collection) => router.push(`/collections/${collection.id}`) });
  }

  const incomplete = name.trim() === "" || (kind === "table" && fieldInputs(fields).length === 0);
  return (
    <>
      <PageHeader
        before={
          <Anchor component={Link} href="/collections" size="sm">
            Collections
          </Anchor>
        }
        title="New collection"
        description="Choose what it holds. You can also import a file straight away; then its columns become the fields."
      />
      <form onSubmit={submit}>
        <Stack gap="xl">
          <Radio.Group label="What it holds" value={kind} onChange={(value) => choose(value)}>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm" mt="xs">
              {TEMPLATES.map((template) => (
                <Option
                  key={template.id}
                  kind={template.id}
                  name={template.name}
                  description={template.fields.map((field) => field.label).join(", ")}
                />
              ))}
              <Option kind="table" name="Table" description="Fields of your own." />
            </SimpleGrid>
          </Radio.Group>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
            maw={420}
          />
          {kind === "table" ? <FieldsEditor fields={fields} onChange={setFields} /> : null}
          <ProblemAlert error={create.error} title="The collection was not made" />
          <Group>
            <Button type="submit" loading={create.isPending} disabled={incomplete}>
              Create collection
            </Button>
            <Button component={Link} href="/import" variant="default">
              Import a file instead
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}

function Option({ kind, name, description }: { kind: Kind; name: string; description: string }) {
  return (
    <Radio.Card value={kind} className={classes.option} aria-label={name}>
      <Group wrap="nowrap" align="flex-start" gap="sm" w="100%">
        <TemplateIcon template={kind === "table" ? null : kind} size={34} />
        <Stack gap={2} flex={1}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        </Stack>
        <Radio.Indicator />
      </Group>
    </Radio.Card>
  );
}
