import fc from "fast-check";
import { namePipeline, type PipelineIdentity } from "../../../core/ingestion/pipeline-name.ts";

const network = fc.record({
  subnetIds: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
  securityGroupIds: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
});
const identity: fc.Arbitrary<PipelineIdentity> = fc.record({
  environment: fc.string(),
  generation: fc.string(),
  network: fc.option(network, { nil: undefined }),
});
const orders: PipelineIdentity = {
  environment: "prod",
  generation: "orders-managed-1",
  network: { subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["sg-a"] },
};

it("is readable, and bound to a hash", () => {
  expect(namePipeline(orders)).toBe("prod-orders-managed-93d6ec6d");
  const small = { environment: "dev", generation: "a-managed-1", network: undefined };
  expect(namePipeline(small)).toMatch(/^dev-a-managed-1-[0-9a-f]{8}$/);
});

it("is a name OpenSearch Ingestion takes, whatever it is made of", () => {
  fc.assert(
    fc.property(identity, (any) => {
      expect(namePipeline(any)).toMatch(/^[a-z][a-z0-9-]{2,27}$/);
    }),
  );
});

it("stays the same in whichever order a network is listed, and however often a part of it", () => {
  fc.assert(
    fc.property(identity, network, (any, { subnetIds, securityGroupIds }) => {
      const listed = namePipeline({ ...any, network: { subnetIds, securityGroupIds } });
      const again = {
        subnetIds: [...subnetIds].reverse(),
        securityGroupIds: securityGroupIds.concat(securityGroupIds),
      };
      expect(namePipeline({ ...any, network: again })).toBe(listed);
    }),
  );
});

it.each([
  ["environment", { environment: "dev" }],
  ["generation", { generation: "orders-managed-2" }],
  ["subnet", { network: { subnetIds: ["subnet-a"], securityGroupIds: ["sg-a"] } }],
  ["security group", { network: { subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["sg-b"] } }],
  ["network at all", { network: undefined }],
])("is another one for another %s", (_part, change) => {
  expect(namePipeline({ ...orders, ...change })).not.toBe(namePipeline(orders));
});

// The generation's number is beyond the readable part.
it("tells long names apart that begin alike", () => {
  const long = "products-of-the-north-managed";
  const [first, second] = [1, 2].map((revision) =>
    namePipeline({ ...orders, generation: `${long}-${revision}` }),
  );
  expect(first).not.toBe(second);
});

it("takes a subnet for no security group", () => {
  const swapped = { subnetIds: ["sg-a"], securityGroupIds: ["subnet-a", "subnet-b"] };
  expect(namePipeline({ ...orders, network: swapped })).not.toBe(namePipeline(orders));
});
