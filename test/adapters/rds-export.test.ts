import {
  type ExportTask,
  ExportTaskAlreadyExistsFault,
  ExportTaskNotFoundFault,
  RDSClient,
} from "@aws-sdk/client-rds";
import * as z from "zod";
import { makeRdsExport } from "../../adapters/rds-export.ts";
import { MemoryObjects } from "../support/memory-objects.ts";

const CLUSTER = "arn:aws:rds:us-east-1:123456789012:cluster:shop";
const FOLDER = "exports/_clusters/shop";
const REQUEST = { bucket: "state", prefix: "exports/orders" };
const mayGoOn = () => true;
const input = z.object({
  ExportTaskIdentifier: z.string().optional(),
  ExportOnly: z.array(z.string()).optional(),
});

/** RDS with its one task a cluster, and a bucket. */
class FakeRds {
  readonly store = new MemoryObjects();
  readonly tasks: ExportTask[] = [];
  /** What tasks were started with, in order. */
  readonly started: (readonly string[] | undefined)[] = [];
  now = 1_000_000;
  /** Fails the next start before RDS hears of it. */
  crashes = 0;

  exporter(tableName: string, engine: "postgresql" | "mysql" = "postgresql") {
    const rds = new RDSClient({ region: "us-east-1" });
    rds.send = async (command: {
      readonly input: unknown;
      readonly constructor: { readonly name: string };
    }) => {
      const asked = input.parse(command.input);
      return command.constructor.name === "StartExportTaskCommand"
        ? this.#start(asked)
        : this.#describe(asked);
    };
    return makeRdsExport({
      rds,
      store: this.store,
      bucket: "state",
      settings: { kind: "cluster-export", clusterArn: CLUSTER, exportRoleArn: "role", keyArn: "key" },
      engine,
      database: "shop",
      tableName,
      readColumns: async () => [],
      now: () => this.now,
    });
  }

  /** Ends the running task as RDS does. */
  async finish(tables: Readonly<Record<string, string>>, status = "COMPLETE"): Promise<void> {
    const task = this.tasks.at(-1);
    const id = task?.ExportTaskIdentifier;
    Object.assign(task ?? {}, { Status: status, TaskEndTime: new Date(this.now), TotalExtractedDataInGB: 3 });
    const perTableStatus = Object.entries(tables).map(([target, of]) => ({
      target,
      status: of,
      warningMessage: null,
    }));
    const text = JSON.stringify({ perTableStatus });
    await this.store.writeText(`${FOLDER}/${id}/export_tables_info_${id}_from_1_to_2.json`, text);
    await this.store.writeText(`${FOLDER}/${id}/export_info_${id}.json`, "{}");
  }

  #start({ ExportTaskIdentifier: id, ExportOnly: only }: z.infer<typeof input>): ExportTask {
    if (this.crashes > 0) {
      this.crashes -= 1;
      throw new Error("the function ended");
    }
    const isRunning = this.tasks.some(({ Status }) => Status === "STARTING");
    if (isRunning || this.tasks.some((task) => task.ExportTaskIdentifier === id))
      throw new ExportTaskAlreadyExistsFault({ message: "exists", $metadata: {} });
    const task = { ExportTaskIdentifier: id ?? "", SourceArn: CLUSTER, Status: "STARTING" };
    this.tasks.push(task);
    this.started.push(only);
    return task;
  }

  #describe({ ExportTaskIdentifier: id }: z.infer<typeof input>) {
    const found = this.tasks.filter((task) => id === undefined || task.ExportTaskIdentifier === id);
    if (id !== undefined && found.length === 0)
      throw new ExportTaskNotFoundFault({ message: "not found", $metadata: {} });
    return { ExportTasks: found };
  }
}

describe("makeRdsExport", () => {
  it("exports all tables that wait for the cluster in one task, and the next ones after it", async () => {
    const rds = new FakeRds();
    const [orders, customers, late] = ["public.orders", "public.customers", "public.late"].map((name) =>
      rds.exporter(name),
    );
    const one = (await orders?.start({ ...REQUEST, token: "a" }))?.exportArn ?? "";
    const two = (await customers?.start({ ...REQUEST, token: "b" }))?.exportArn ?? "";
    await Promise.all([orders?.check(one, mayGoOn), customers?.check(two, mayGoOn)]);
    expect(rds.started).toEqual([["shop.public.orders", "shop.public.customers"]]);
    const three = (await late?.start({ ...REQUEST, token: "c" }))?.exportArn ?? "";
    expect(await late?.check(three, mayGoOn)).toEqual({ state: "running" });
    expect(rds.started).toHaveLength(1);
    rds.now += 60_000;
    await rds.finish({ "shop.public.orders": "COMPLETE", "shop.public.customers": "COMPLETE" });
    const done = { state: "done", billedBytes: 3 * 1024 ** 3, read: { from: 1_000_000, until: 1_060_000 } };
    expect(await orders?.check(one, mayGoOn)).toEqual(done);
    expect(await customers?.check(two, mayGoOn)).toEqual(done);
    await late?.check(three, mayGoOn);
    expect(rds.started[1]).toEqual(["shop.public.late"]);
  });

  it("lists everything that lies in the table's folder, with its columns, and an empty table as no file", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    await orders.check(exportArn, mayGoOn);
    await rds.finish({ "shop.public.orders": "COMPLETE" });
    expect(await orders.files(exportArn)).toEqual([]);
    const id = rds.tasks[0]?.ExportTaskIdentifier;
    const folder = `${FOLDER}/${id}/shop/public.orders`;
    for (const name of ["1/part-00000-x-c000.gz.parquet", "1/_SUCCESS", "2/part-00000-y-c000.gz.parquet"])
      await rds.store.writeText(`${folder}/${name}`, "");
    await rds.store.writeText(`${FOLDER}/${id}/shop/public.orders_old/1/part-00000-z.gz.parquet`, "");
    const columnsKey = `${FOLDER}/columns/${id}/public.orders.json`;
    expect(await orders.files(exportArn)).toEqual([
      { bucket: "state", key: `${folder}/1/part-00000-x-c000.gz.parquet`, columnsKey },
      { bucket: "state", key: `${folder}/2/part-00000-y-c000.gz.parquet`, columnsKey },
    ]);
    expect(await rds.store.readText(columnsKey)).toBe("[]");
  });

  it("fails where the export left the table out, which RDS only lists", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    await orders.check(exportArn, mayGoOn);
    await rds.finish({ "shop.public.orders": "SKIPPED" });
    await expect(orders.files(exportArn)).rejects.toThrow(/^EXPORT_FAILED: .*shop.public.orders: SKIPPED/);
  });

  it("starts what a function planned that ended before RDS heard of it", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    rds.crashes = 1;
    await expect(orders.check(exportArn, mayGoOn)).rejects.toThrow(/^EXPORT_FAILED/);
    expect(rds.started).toEqual([]);
    await orders.check(exportArn, mayGoOn);
    expect(rds.started).toEqual([["shop.public.orders"]]);
  });

  it("gives up what RDS has not heard of for a day, and starts it no more", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    await orders.check(exportArn, mayGoOn);
    rds.tasks.splice(0);
    rds.now += 25 * 60 * 60 * 1000;
    expect(await orders.check(exportArn, mayGoOn)).toMatchObject({ state: "failed" });
    expect(rds.started).toHaveLength(1);
  });

  it("waits while the account has five exports, or somebody else exports the cluster", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    for (let count = 0; count < 5; count += 1)
      rds.tasks.push({
        ExportTaskIdentifier: `other-${count}`,
        SourceArn: `${CLUSTER}-${count}`,
        Status: "IN_PROGRESS",
      });
    expect(await orders.check(exportArn, mayGoOn)).toEqual({ state: "running" });
    expect(rds.started).toEqual([]);
    rds.tasks.splice(0, 5, { ExportTaskIdentifier: "theirs", SourceArn: CLUSTER, Status: "IN_PROGRESS" });
    await orders.check(exportArn, mayGoOn);
    expect(rds.started).toEqual([]);
    rds.tasks.splice(0, 1);
    await orders.check(exportArn, mayGoOn);
    expect(rds.started).toHaveLength(1);
  });

  it("exports the whole cluster where a name has characters that only whole exports bear", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("public.my orders");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    await orders.check(exportArn, mayGoOn);
    expect(rds.started).toEqual([undefined]);
    await rds.finish({ "shop.public.my orders": "COMPLETE" });
    await rds.store.writeText(
      `${FOLDER}/${rds.tasks[0]?.ExportTaskIdentifier}/shop/public.my_orders/1/p.parquet`,
      "",
    );
    expect(await orders.files(exportArn)).toHaveLength(1);
  });

  it("tells why a task failed", async () => {
    const rds = new FakeRds();
    const orders = rds.exporter("shop.orders", "mysql");
    const { exportArn } = await orders.start({ ...REQUEST, token: "a" });
    await orders.check(exportArn, mayGoOn);
    expect(rds.started).toEqual([["shop.orders"]]);
    await rds.finish({}, "FAILED");
    expect(await orders.check(exportArn, mayGoOn)).toEqual({
      state: "failed",
      cause: "FAILED: no reason given",
    });
  });
});
