import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { QueryClient } from "@tanstack/react-query";
import { messageOf } from "@/components/api";
import type { RecordView } from "@/lib/contracts/records";
import { putBack } from "./history/queries";

/** Long enough to read it, to find out that it was the wrong one, and to reach the button by keyboard. */
const UNDO_MS = 15_000;

/** Says that a record was deleted, with the way to undo it. */
export function tellDeleted(client: QueryClient, collectionId: string, record: RecordView): void {
  const id = `deleted-${record.id}`;
  const undo = async () => {
    notifications.update({ id, message: "The record is being put back…", loading: true, autoClose: false });
    try {
      await putBack(client, collectionId, record);
      notifications.update({ id, message: "The record is back.", loading: false, autoClose: 4_000 });
    } catch (error) {
      notifications.update({
        id,
        color: "red",
        title: "The record was not put back",
        message: messageOf(error),
        loading: false,
        autoClose: false,
      });
    }
  };
  notifications.show({
    id,
    autoClose: UNDO_MS,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>The record was deleted.</span>
        <Button size="compact-sm" variant="light" onClick={() => void undo()}>
          Undo
        </Button>
      </Group>
    ),
  });
}
