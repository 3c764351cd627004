import { fileURLToPath } from "node:url";
// From npm: `from "trueup"`.
import { makeRetryWhileRoleSpreads, SearchSync, SyncedTable } from "../../components/index.ts";
import mapping from "./mappings/orders.json" with { type: "json" };
import { boundary, domain, key, network, orders, searchAdmin } from "./platform.ts";

const search = new SearchSync("shop", {
  target: {
    existingDomain: { arn: domain.arn, endpoint: domain.endpoint, securityAdminRoleArn: searchAdmin.arn },
  },
  network: { ...network, endpoints: "create" },
  keyArn: key.arn,
  permissionsBoundary: boundary.arn,
  errorHooks: [makeRetryWhileRoleSpreads()],
});

new SyncedTable("orders", {
  search,
  source: {
    dynamodb: {
      tableName: orders.name,
      tableArn: orders.arn,
      streamArn: orders.streamArn,
      key: { partitionKey: { name: "id", type: "S" } },
    },
  },
  generations: [
    {
      mode: "custom",
      mapping,
      transformFile: fileURLToPath(new URL("transforms/orders.ts", import.meta.url)),
    },
  ],
  cutover: "manual",
});

/** What `trueup status`, `trueup cutover orders` and the other commands read of this stack. */
export const environment = search.describe();
