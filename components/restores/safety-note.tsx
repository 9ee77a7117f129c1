import { Alert } from "@mantine/core";
import { IconShieldCheck, IconShieldHalf, IconShieldOff } from "@tabler/icons-react";
import type { RestoreView } from "@/lib/contracts/restores";

/** Whether a backup of today stands before the changes. */
export function SafetyNote({ view: { safetySnapshot } }: { view: RestoreView }) {
  switch (safetySnapshot.state) {
    case "making":
      return (
        <Alert color="harbour" icon={<IconShieldHalf size={18} aria-hidden />} role="status">
          First a safety backup of what you have now is made. Nothing has been changed yet.
        </Alert>
      );
    case "made":
      return (
        <Alert color="green" icon={<IconShieldCheck size={18} aria-hidden />} role="status">
          A safety backup of what you had before stands among your backups.
        </Alert>
      );
    case "overridden":
      return (
        <Alert color="yellow" icon={<IconShieldOff size={18} aria-hidden />} role="status">
          Restored without a safety backup, as you chose: “{safetySnapshot.reason}”.
        </Alert>
      );
    case "none":
    case "failed":
      return null;
  }
}
