import { databaseReadCost, exportCost } from "../../core/prices.ts";

const GIGABYTE = 1024 ** 3;
const MEGABYTE = 1024 ** 2;

describe("what an export cost", () => {
  it("is by the gigabyte", () => {
    expect(exportCost("full", 25 * GIGABYTE)).toMatchObject({ exportGigabytes: 25, dollars: 2.5 });
    expect(exportCost("incremental", GIGABYTE / 2)).toMatchObject({ exportGigabytes: 0.5, dollars: 0.05 });
  });

  it("is never nothing for an incremental one, which AWS bills for 10 MB at least", () => {
    expect(exportCost("incremental", 0)).toMatchObject({ exportGigabytes: 0.01, dollars: 0.001 });
    expect(exportCost("incremental", 5 * MEGABYTE).dollars).toBe(exportCost("incremental", 0).dollars);
    expect(exportCost("full", 0).dollars).toBe(0);
  });

  it("says what it is an estimate of", () => {
    expect(exportCost("full", 0).note).toBe(
      "DynamoDB full export at $0.1 a GB (us-east-1, 2026-11-23); functions and requests not included",
    );
    expect(exportCost("incremental", 0).note).toMatch(/^DynamoDB incremental export/);
  });
});

describe("what reading a whole table of a database cost", () => {
  it("is nothing AWS bills for a query, and the cluster's size for an export that its tables share", () => {
    expect(databaseReadCost("query", 0)).toMatchObject({ exportGigabytes: 0, dollars: 0 });
    const ofCluster = databaseReadCost("cluster-export", 200 * GIGABYTE);
    expect(ofCluster).toMatchObject({ exportGigabytes: 200, dollars: 2 });
    expect(ofCluster.note).toMatch(/^Aurora export of the cluster, which its tables share, at \$0.01 a GB/);
  });
});
