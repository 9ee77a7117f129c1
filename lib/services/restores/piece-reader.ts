import type { ReadPiece } from "@/lib/core/backups/read";

export type RecordsPiece = Extract<ReadPiece, { kind: "part" }>;

/** The pieces of a backup, one of which can be looked at before it is taken: collections end where another begins. */
export class PieceReader {
  private readonly pieces: AsyncIterator<ReadPiece>;
  private held: IteratorResult<ReadPiece> | undefined;

  constructor(pieces: AsyncIterable<ReadPiece>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** The piece that comes next; undefined at the end. */
  async peek(): Promise<ReadPiece | undefined> {
    this.held ??= await this.pieces.next();
    return this.held.done ? undefined : this.held.value;
  }

  take(): void {
    if (!this.held?.done) this.held = undefined;
  }

  /** Takes the pieces that come next as long as they are records of this collection. */
  async *recordsOf(collectionId: string): AsyncGenerator<RecordsPiece> {
    for (;;) {
      const piece = await this.peek();
      if (piece?.kind !== "part" || piece.part.kind !== "records") return;
      if (piece.part.collectionId !== collectionId) return;
      this.take();
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
