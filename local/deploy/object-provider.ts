import { readFile } from "node:fs/promises";
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DeclaredResource } from "../synth/declared-resource.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import type { Outputs } from "./standing-resources.ts";

/** Files put into buckets: the functions' code. */
export function makeObjectProvider(s3: S3Client): ResourceProvider {
  const put = async ({ properties: { Bucket, Key, File } }: DeclaredResource): Promise<Outputs> => {
    const Body = await readFile(String(File));
    await s3.send(new PutObjectCommand({ Bucket: String(Bucket), Key: String(Key), Body }));
    return { Ref: String(Key) };
  };
  const remove: ResourceProvider["delete"] = async ({ properties: { Bucket, Key } }) => {
    await s3.send(new DeleteObjectCommand({ Bucket: String(Bucket), Key: String(Key) }));
  };
  return {
    create: put,
    update: async (resource, before) => {
      const outputs = await put(resource);
      const stays = ["Bucket", "Key"].every((name) => before.properties[name] === resource.properties[name]);
      if (!stays) await remove(before);
      return outputs;
    },
    delete: remove,
  };
}
