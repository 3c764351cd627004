import type { SyncedTableArgs } from "../../components/index.ts";
import { findTableFaults } from "../../components/table-faults.ts";

type Facts = Omit<SyncedTableArgs, "search" | "source">;
const generations = [{ mode: "custom" }] as const;
const table = (rest: Partial<Facts>): Facts => ({ generations, ...rest });

it.each<[string, Facts]>([
  ["the least there is", table({})],
  ["two generations", table({ generations: [...generations, { mode: "custom", revision: 999_999 }] })],
  [
    "every number at its edge",
    table({
      consumerTimeoutSeconds: 15,
      consumerMemoryMegabytes: 10_240,
      batchSize: 10_000,
      maximumLoaders: 1,
      manifestBuckets: 4096,
      audit: { pollSeconds: 3600, fullEveryDays: 1, breaker: { share: 0.005, minimumCount: 1 } },
    }),
  ],
  ["schedules of both kinds", table({ audit: { schedule: "cron(0 3 * * ? *)" } })],
  ["an adopted index", table({ adopt: { index: "orders-old", deleteIndexAtCutover: true } })],
])("finds nothing wrong with %s", (_, args) => {
  expect(findTableFaults("a-table-name-of-twenty-nine-l", args)).toEqual([]);
});

it.each<[string, Facts, RegExp]>([
  ["generations", table({ generations: [] }), /one or two generations.*got 0\. Remove one/],
  [
    "generations",
    table({ generations: [1, 2, 3].map((revision) => ({ mode: "custom", revision })) }),
    /got 3\. Remove one that does not serve, deploy, then add the new one/,
  ],
  ["generations[1].revision", table({ generations: [...generations, ...generations] }), /both are custom 1/],
  [
    "generations[0].revision",
    table({ generations: [{ mode: "custom", revision: 0 }] }),
    /1 to 999999; got 0/,
  ],
  [
    "generations[0].revision",
    table({ generations: [{ mode: "custom", revision: 1_000_000 }] }),
    /got 1000000/,
  ],
  [
    "generations[0].transformFile",
    table({ generations: [{ mode: "custom", transformFile: "transforms/a.ts" }] }),
    /absolute path.*got transforms\/a\.ts/,
  ],
  [
    "generations[0].transformSecrets",
    table({ generations: [{ mode: "custom", transformSecrets: {} }] }),
    /handed to a transform; declare the transform/,
  ],
  ["consumerTimeoutSeconds", table({ consumerTimeoutSeconds: 14 }), /must be 15 to 900; got 14/],
  ["consumerMemoryMegabytes", table({ consumerMemoryMegabytes: 255 }), /256 to 10240/],
  ["batchSize", table({ batchSize: 10_001 }), /1 to 10000/],
  ["batchSize", table({ batchSize: 1.5 }), /got 1\.5/],
  ["batchingWindowSeconds", table({ batchingWindowSeconds: 301 }), /0 to 300/],
  ["maximumLoaders", table({ maximumLoaders: 0 }), /1 to 1000/],
  ["manifestBuckets", table({ manifestBuckets: 4097 }), /1 to 4096/],
  ["audit.fullEveryDays", table({ audit: { fullEveryDays: 366 } }), /1 to 365/],
  ["audit.pollSeconds", table({ audit: { pollSeconds: 0 } }), /1 to 3600/],
  ["audit.breaker.share", table({ audit: { breaker: { share: 1.1 } } }), /0 to 1;/],
  ["audit.breaker.minimumCount", table({ audit: { breaker: { minimumCount: 0 } } }), /must be 1 to/],
  ["audit.schedule", table({ audit: { schedule: "@daily" } }), /rate\(…\) or cron\(…\).*got @daily/],
  ["adopt", table({ adopt: {} }), /either an index or an alias/],
  ["adopt", table({ adopt: { index: "a", alias: "b" } }), /either an index or an alias/],
  [
    "adopt.deleteIndexAtCutover",
    table({ adopt: { alias: "a", deleteIndexAtCutover: true } }),
    /only applies to an adopted index/,
  ],
])("finds one fault at %s of %j", (propertyPath, args, reason) => {
  expect(findTableFaults("orders", args)).toEqual([{ propertyPath, reason: expect.stringMatching(reason) }]);
});

it.each(["Orders", "1orders", "orders_old", "", "a-table-name-of-thirty-letters"])(
  "refuses the name %j, which an index or a role could not have",
  (name) => {
    expect(findTableFaults(name, table({}))).toEqual([
      { propertyPath: "name", reason: expect.stringContaining(`at most 29; got ${name}`) },
    ]);
  },
);
