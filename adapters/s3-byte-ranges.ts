import { GetObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { OpenBytes } from "../core/ports/byte-ranges.ts";

/** Reads parts of objects, so that a footer costs a footer. */
export function makeS3ByteRanges(client: S3Client): OpenBytes {
  return async ({ bucket: Bucket, key: Key }) => {
    const { ContentLength: byteLength = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    return {
      byteLength,
      slice: async (start, end = byteLength) => {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket, Key, Range: `bytes=${start}-${end - 1}` }),
        );
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        if (bytes.byteLength !== end - start) throw new RangeError("S3 answered with another part");
        return new Uint8Array(bytes).buffer;
      },
    };
  };
}
