/** Custom resources as index-lifecycle gets them. The emulator of CloudFormation's protocol is the provider's. */
import { makeLifecycleActions } from "../../index-lifecycle/lifecycle-actions.ts";
import { makeFakeDeps } from "../index-lifecycle/fake-deps.ts";
import { readSpec } from "../support/record-environment.ts";
import { recordStack, STACKS } from "../support/stack-files.ts";

/** Generations by stack; every other has the one of `places`. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  dev: ["orders/orders-managed-1", "places/places-custom-1"],
  aurora: ["customers/customers-custom-1", "orders/orders-custom-1"],
};
/** A database's log, and each table's place in it. */
const AURORA = [
  "Source/shop/trueup-aurora-shop",
  "SqlTable/shop/public.customers",
  "SqlTable/shop/public.orders",
];

it.each(STACKS)(
  "sends nothing from stack %s that index-lifecycle would refuse, and no thing twice",
  async (stack) => {
    const actions = makeLifecycleActions(makeFakeDeps());
    const made = (await recordStack(stack)).all("CustomResourceEmulator");
    const ids = made.map((resource) => {
      const { action, spec } = readSpec(resource);
      return `${action}/${actions.get(action)?.identify(JSON.stringify(spec))}`;
    });
    const tables = TABLES[stack] ?? ["places/places-custom-1"];
    // The environment's roles, and each generation's.
    const security = stack === "local" ? [] : ["Security/roles", ...tables.map(() => "Security/roles")];
    const generations = tables.flatMap((name) =>
      ["Build", "Guard", "Index"].map((action) => `${action}/${name}`),
    );
    const registered = tables.map((name) => `Table/${name.split("/")[0]}`);
    const databases = stack === "aurora" ? AURORA : [];
    expect(ids.sort()).toEqual([...generations, ...security, ...registered, ...databases].sort());
  },
);

it("answers into a folder that expires, and is not waited for longer than ten minutes", async () => {
  const { inputs, createTimeout } = (await recordStack("local")).find(
    "places-table",
    "CustomResourceEmulator",
  );
  expect(createTimeout).toBe("10m");
  expect(inputs).toMatchObject({
    resourceType: "Custom::TrueupTable",
    serviceToken: "arn:aws:lambda:eu-central-1:111122223333:function:local-lifecycle-1a2b3c4",
    bucketName: "local-state-1a2b3c4",
    bucketKeyPrefix: "lifecycle-responses/",
  });
});
