import { refuseFaults } from "../../components/faults.ts";

it("refuses nothing where nothing is wrong", () => {
  expect(() => refuseFaults("SearchSync shop", [])).not.toThrow();
});

it("tells every fault by its path in one error that Pulumi prints line by line", () => {
  const faults = [
    { propertyPath: "name", reason: "is too long" },
    { propertyPath: "audit.schedule", reason: "is no schedule" },
  ];
  expect(() => refuseFaults("SyncedTable orders", faults)).toThrow(
    expect.objectContaining({
      message: "CONFIGURATION_INVALID: SyncedTable orders has 2 bad argument(s).",
      errors: faults,
      __pulumiInputPropertiesError: true,
    }),
  );
});
