/**
 * Roles inside a domain. Which request needs which action is the security plugin's source's word
 * (`PrivilegesEvaluator`, `static_action_groups.yml` of opensearch-project/security); no plugin runs here.
 */
import { consumerRole, environmentRoles } from "../../../components/search-target/security-roles.ts";
import { readSpec, recordEnvironment } from "../../support/record-environment.ts";

const roles = environmentRoles("shop", { lifecycle: "role/lifecycle", audit: "role/audit" });

it("gives each function a role of its own, named after the environment", () => {
  expect(Object.entries(roles).map(([name, { backendRoles }]) => [name, backendRoles])).toEqual([
    ["trueup-shop-lifecycle", ["role/lifecycle"]],
    ["trueup-shop-audit", ["role/audit"]],
  ]);
});

it("lets the audit look at generations only", () => {
  expect(roles["trueup-shop-audit"]?.indexPatterns).toEqual(["*-custom-*", "*-managed-*"]);
});

// The group `delete` has no bulk in it, and tombstones are purged by bulk deletes.
it("lets the audit delete in bulk, which is judged as a bulk and as a delete", () => {
  const { actions = [], clusterActions = [] } = roles["trueup-shop-audit"] ?? {};
  expect(actions).toEqual(expect.arrayContaining(["delete", "indices:data/write/bulk*"]));
  expect(clusterActions).toContain("cluster_composite_ops");
});

it("lets nobody but index-lifecycle make or delete indexes", () => {
  const consumer = consumerRole("shop", "orders-custom-1", {
    index: "i",
    writeAlias: "i-write",
    backendRoles: [],
  });
  const administering = Object.entries({ ...roles, ...consumer })
    .filter(([, { actions }]) =>
      actions.some((action) => /^manage$|indices:admin\/(create|delete|\*)/.test(action)),
    )
    .map(([name]) => name);
  expect(administering).toEqual(["trueup-shop-lifecycle"]);
});

it("lets a generation's three consumers write through its alias, and nowhere else", async () => {
  const target = { domain: { instanceType: "r7g.large.search", instanceCount: 1 } };
  const recording = await recordEnvironment({ target });
  const role = (part: string) => `arn:aws:iam::111122223333:role/orders-custom-1-${part}-role-1a2b3c4`;
  expect(readSpec(recording.find("orders-custom-1-roles", "CustomResourceEmulator"))).toEqual({
    action: "Security",
    spec: {
      roles: {
        "trueup-shop-orders-custom-1": {
          backendRoles: [role("stream"), role("reread"), role("loader")],
          indexPatterns: ["orders-custom-1", "orders-custom-1-write"],
          actions: ["crud", "indices:monitor/settings/get", "indices:admin/aliases/get", "indices:admin/get"],
          clusterActions: ["cluster_composite_ops", "cluster_monitor"],
        },
      },
    },
  });
});
