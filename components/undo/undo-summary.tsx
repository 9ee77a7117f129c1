import { Text } from "@mantine/core";
import { countOf } from "@/components/format";
import type { UndoPreviewView } from "@/lib/contracts/imports";
import { LaterImports } from "./later-imports";
import { RunSummary } from "./run-dialog";

/** What an undo does to records that nobody has touched since, in sentences. */
export function UndoSummary({ preview }: { preview: UndoPreviewView }) {
  const { toRemove, toRestore, toReinsert, changedSinceCount } = preview;
  const isClean = changedSinceCount === 0 && toRemove + toRestore + toReinsert > 0;
  return (
    <>
      <RunSummary
        lines={[
          toRemove > 0 ? `${countOf(toRemove, "record")} that it added will be removed.` : "",
          toRestore > 0 ? `${countOf(toRestore, "record")} that it updated will be as before.` : "",
          toReinsert > 0 ? `${countOf(toReinsert, "record")} that it removed will be put back.` : "",
        ]}
        otherwise={
          changedSinceCount > 0
            ? "Every record of this import was edited since. What happens to them is up to you."
            : "There is nothing left to take back: the records of this import are gone already."
        }
      />
      {isClean ? (
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
