/** A file of which parts can be read. */
export interface ByteRanges {
  readonly byteLength: number;
  /** @param end - the byte after the last one. @default the file's end */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** Opens an object for reading parts of it. Fails when there is none. */
export type OpenBytes = (file: { readonly bucket: string; readonly key: string }) => Promise<ByteRanges>;
