import { expect, it } from "vitest";
import { PreviewRestoreBody, PreviewUploadedBody } from "@/lib/contracts/restores";
import { bodyOf, NEW_DRAFT, requestOf, sameAgain } from "./draft";

const SOURCE = { kind: "backup", backupId: "00000000-0000-4000-8000-000000000001" } as const;
const COLLECTION = "00000000-0000-4000-8000-000000000002";

it("is what the API takes", () => {
  const everything = bodyOf(requestOf(NEW_DRAFT, SOURCE)!);
  expect(PreviewRestoreBody.parse(everything)).toMatchObject({
    collections: "all",
    globalStrategy: "overwrite",
  });
  const some = requestOf({ ...NEW_DRAFT, what: "collections", collections: [COLLECTION] }, SOURCE)!;
  expect(PreviewRestoreBody.parse(bodyOf(some)).collections).toEqual([COLLECTION]);
  const found = requestOf(
    { ...NEW_DRAFT, what: "search", search: " Rome ", strategy: "skip", key: { passphrase: "a b c" } },
    SOURCE,
  )!;
  expect(PreviewRestoreBody.parse(bodyOf(found))).toMatchObject({
    collections: "all",
    search: "Rome",
    globalStrategy: "skip",
    passphrase: "a b c",
  });
});

it("waits for what is missing", () => {
  expect(requestOf({ ...NEW_DRAFT, what: "collections" }, SOURCE)).toBeUndefined();
  expect(requestOf({ ...NEW_DRAFT, what: "search", search: "  " }, SOURCE)).toBeUndefined();
});

it("asks the same again, also of fewer collections and of uploaded files", () => {
  const uploadIds = [COLLECTION];
  const view = {
    source: { kind: "upload", backupId: null, uploadIds, fileName: "x.age", snapshotAt: null },
    scope: { collections: "all", recordIds: null, search: "Rome" },
    globalStrategy: "merge",
  } as const;
  const again = sameAgain({ ...view, source: { ...view.source, uploadIds: [...uploadIds] } }, {});
  expect(again).toMatchObject({ source: { kind: "upload", uploadIds }, collections: "all", search: "Rome" });
  expect(PreviewUploadedBody.safeParse({ ...bodyOf(again), uploadIds }).success).toBe(true);
  const fewer = sameAgain(
    { ...view, source: { ...view.source, uploadIds: [], backupId: SOURCE.backupId } },
    { passphrase: "p" },
    { collections: [COLLECTION], categories: ["notifications"] },
  );
  expect(PreviewRestoreBody.parse(bodyOf(fewer)).categories).toEqual(["notifications"]);
  expect(bodyOf(again)).not.toHaveProperty("categories");
  expect(fewer).toMatchObject({ source: SOURCE, collections: [COLLECTION], key: { passphrase: "p" } });
});
