import { List, Text } from "@mantine/core";
import { countOf } from "@/components/format";
import type { UndoPreviewView } from "@/lib/contracts/imports";
import { LaterImports } from "./later-imports";

/** What an undo does to records that nobody has touched since, in sentences. */
export function UndoSummary({ preview }: { preview: UndoPreviewView }) {
  const { toRemove, toRestore, toReinsert, changedSinceCount } = preview;
  const lines = [
    toRemove > 0 ? `${countOf(toRemove, "record")} that it added will be removed.` : "",
    toRestore > 0 ? `${countOf(toRestore, "record")} that it updated will be as before.` : "",
    toReinsert > 0 ? `${countOf(toReinsert, "record")} that it removed will be put back.` : "",
  ].filter((line) => line !== "");
  return (
    <>
      {lines.length > 0 ? (
        <List size="sm" spacing={4}>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      ) : (
        <Text size="sm">
          {changedSinceCount > 0
            ? "Every record of this import was edited since. What happens to them is up to you."
            : "There is nothing left to take back: the records of this import are gone already."}
        </Text>
      )}
      {changedSinceCount === 0 && lines.length > 0 ? (
        <Text size="sm" c="dimmed">
          No record was edited since.
        </Text>
      ) : null}
      <LaterImports title="Later imports built on this one" imports={preview.laterImports}>
        They changed records of this import, so those records count as edited. To go back all the way, undo
        the latest import first.
      </LaterImports>
    </>
  );
}
