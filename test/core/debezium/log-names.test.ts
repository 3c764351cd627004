import fc from "fast-check";
import { consumerGroupOf, consumerGroupPrefix } from "../../../core/debezium/consumer-group.ts";
import { nameLog } from "../../../core/debezium/log-names.ts";
import {
  makeWorkerConfiguration,
  secretPlaceholder,
  toProperties,
} from "../../../core/debezium/worker-configuration.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/);
const identity = fc.record({
  environment: word,
  source: word,
  revision: fc.integer({ min: 1, max: 999 }),
});

it("names slots as PostgreSQL takes them, whatever the source is called", () => {
  fc.assert(
    fc.property(identity, (given) => {
      const { slotName, publicationName } = nameLog(given);
      expect(slotName).toMatch(/^[a-z0-9_]{1,63}$/);
      expect(publicationName).toBe(slotName);
    }),
  );
});

it("gives another revision other names everywhere", () => {
  fc.assert(
    fc.property(identity, (given) => {
      const [one, next] = [nameLog(given), nameLog({ ...given, revision: given.revision + 1 })];
      const shared = Object.values(one).filter((name) => Object.values(next).includes(name));
      expect(shared).toEqual([]);
    }),
  );
});

it("names a group by its generation and its index, below what the environment's groups begin with", () => {
  const group = consumerGroupOf("prod", "customers-custom-1", "Xy_1-uuid");
  expect(group).toBe("trueup-prod-customers-custom-1-Xy_1-uuid");
  expect(group.startsWith(consumerGroupPrefix("prod"))).toBe(true);
});

it("tells a worker its source's own topic of offsets, and where secrets are read", () => {
  const secretArn = "arn:aws:secretsmanager:eu-west-1:1:secret:shop-a1b2c3";
  const text = toProperties(
    makeWorkerConfiguration({ offsetsTopic: "shop-offsets" }, { providerClass: "a.B", secretArn }),
  );
  expect(text).toContain("offset.storage.topic=shop-offsets\n");
  expect(text).toContain("config.providers.secrets.class=a.B\n");
  expect(text).toContain("config.providers.secrets.param.region=eu-west-1\n");
});

it.each([
  ["arn:aws:secretsmanager:eu-west-1:1:secret:shop/db-a1b2c3", `\${secrets:shop/db:password}`],
  [
    "arn:aws:secretsmanager:eu-west-1:1:secret:rds!cluster-12-34-Ab12Cd",
    `\${secrets:rds!cluster-12-34:password}`,
  ],
])("stands in for a secret by its name, which has no colon: %s", (arn, placeholder) => {
  expect(secretPlaceholder(arn, "password")).toBe(placeholder);
});
