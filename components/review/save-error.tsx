"use client";

import { Alert } from "@mantine/core";
import { messageOf } from "@/components/api";
import { useReview, useReviewStore } from "./review-store";

/** Says that a decision is not stored; until then it is shown as if it were. */
export function SaveError() {
  const store = useReviewStore();
  const saveError = useReview((s) => s.saveError);
  if (!saveError) return null;
  return (
    <Alert
      role="alert"
      color="red"
      title="The last decision was not saved"
      withCloseButton
      closeButtonLabel="Close"
      onClose={() => store.getState().set({ saveError: null })}
    >
      {messageOf(saveError)}
    </Alert>
  );
}
