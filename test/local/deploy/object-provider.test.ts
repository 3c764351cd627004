import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { makeObjectProvider } from "../../../local/deploy/object-provider.ts";
import { type DeclaredResource, OBJECT_TYPE } from "../../../local/synth/declared-resource.ts";

/** Buckets in memory; like S3 they let go of what is not there, and refuse where there is no bucket. */
function makeBuckets() {
  const objects = new Map<string, string>();
  const client = new S3Client({ region: "us-east-1" });
  client.send = async (command: object) => {
    if (!(command instanceof PutObjectCommand || command instanceof DeleteObjectCommand))
      throw new Error("?");
    const { Bucket, Key } = command.input;
    if (Bucket === "nowhere")
      throw Object.assign(new Error("NoSuchBucket: nowhere"), { name: "NoSuchBucket" });
    if (command instanceof PutObjectCommand) objects.set(`${Bucket}/${Key}`, String(command.input.Body));
    else objects.delete(`${Bucket}/${Key}`);
    return {};
  };
  return { objects, provider: makeObjectProvider(client) };
}

describe("a file in a bucket", () => {
  let folder: string;
  let made: ReturnType<typeof makeBuckets>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "trueup-object-"));
    made = makeBuckets();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function declare(Key: string, content: string, Bucket = "state"): DeclaredResource {
    const File = join(folder, Key.replaceAll("/", "-"));
    writeFileSync(File, content);
    const properties = { Bucket, Key, File, Hash: content };
    return { logicalId: "Code", type: OBJECT_TYPE, properties, dependsOn: [], protect: false, retain: false };
  }
  const stand = (resource: DeclaredResource) => ({
    ...resource,
    outputs: { Ref: String(resource.properties["Key"]) },
  });

  it("is put there with what the file holds, and again where it is there already", async () => {
    const resource = declare("artifacts/a.zip", "one");
    expect(await made.provider.create(resource, [])).toEqual({ Ref: "artifacts/a.zip" });
    expect(await made.provider.create(resource, [])).toEqual({ Ref: "artifacts/a.zip" });
    expect([...made.objects]).toEqual([["state/artifacts/a.zip", "one"]]);
  });

  it("is overwritten under the same key", async () => {
    const before = stand(declare("a.zip", "one"));
    await made.provider.create(before, []);
    await made.provider.update(declare("a.zip", "two"), before, []);
    expect([...made.objects]).toEqual([["state/a.zip", "two"]]);
  });

  it("moves to another key, and the old one is gone", async () => {
    const before = stand(declare("a.zip", "one"));
    await made.provider.create(before, []);
    expect(await made.provider.update(declare("b.zip", "two"), before, [])).toEqual({ Ref: "b.zip" });
    expect([...made.objects]).toEqual([["state/b.zip", "two"]]);
  });

  it("keeps its old key where the new one could not be put", async () => {
    const before = stand(declare("a.zip", "one"));
    await made.provider.create(before, []);
    await expect(made.provider.update(declare("b.zip", "two", "nowhere"), before, [])).rejects.toThrow(
      "NoSuchBucket",
    );
    expect([...made.objects]).toEqual([["state/a.zip", "one"]]);
  });

  it("is deleted, and let alone where it is gone already", async () => {
    const before = stand(declare("a.zip", "one"));
    await made.provider.create(before, []);
    await made.provider.delete(before);
    await made.provider.delete(before);
    expect([...made.objects]).toEqual([]);
  });

  it("says which file is not there, and puts nothing", async () => {
    const resource = declare("a.zip", "one");
    rmSync(String(resource.properties["File"]));
    await expect(made.provider.create(resource, [])).rejects.toThrow(/ENOENT.*a\.zip/);
    expect([...made.objects]).toEqual([]);
  });

  it("passes on why the bucket did not take it", async () => {
    await expect(made.provider.create(declare("a.zip", "one", "nowhere"), [])).rejects.toThrow(
      "NoSuchBucket",
    );
  });
});
