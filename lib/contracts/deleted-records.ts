import { z } from "zod";
import { pageQuery } from "./common";
import type { ChangeAuthor, HistoryData } from "./record-history";

export const DeletedQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export type ListDeleted = z.output<typeof DeletedQuery>;

/** A record that was deleted by hand or over the API, as it was last. */
export interface DeletedRecord {
  id: string;
  /**
   * The version that its deletion led to. `POST …/records/{id}/revert` to the one before, with this one as `If-Match`,
   * puts the record back.
   */
  version: number;
  deletedAt: string;
  by: ChangeAuthor;
  data: HistoryData;
}
