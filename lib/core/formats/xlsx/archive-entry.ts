export interface ArchiveEntry {
  name: string;
  /** 0 = stored, 8 = deflated. */
  method: number;
  encrypted: boolean;
  compressedSize: number;
  /** Undefined when the archive's directory, which states it, is lost. */
  uncompressedSize: number | undefined;
  /** Undefined, too, without the directory. */
  crc32?: number;
  /** Offset of the entry's data, or of its local header when the data's is not known yet. */
  dataStart: number | undefined;
  headerStart: number;
  /** True when the file ends before the entry does. */
  cutOff?: boolean;
}
