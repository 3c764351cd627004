import { replacesKafka } from "../../../../local/stand-ins/kafka-mapping/declaration.ts";
import { declared, kafkaMappingOf } from "./kafka-fixtures.ts";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:discarded";
const CLUSTER_ARN = "arn:aws:kafka:us-east-1:123456789012:cluster/shop/1-2";

describe("the declaration of a Kafka mapping", () => {
  it("has AWS's defaults", () => {
    expect(kafkaMappingOf()).toEqual({
      bootstrapServers: ["127.0.0.1:9092"],
      clusterArn: undefined,
      topics: ["orders"],
      groupId: "orders-custom-1",
      startingPosition: "TRIM_HORIZON",
      functionName: "consumer",
      batchSize: 100,
      batchingWindowMillis: 500,
      pollers: 1,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: -1,
      bisectBatchOnFunctionError: false,
      reportBatchItemFailures: false,
      failureDestination: undefined,
      enabled: true,
    });
  });

  it("of an MSK cluster reads the servers that stand for it, in a group named as declared", () => {
    const { SelfManagedEventSource, SelfManagedKafkaEventSourceConfig, ...rest } = declared;
    const own = {
      EventSourceArn: CLUSTER_ARN,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "g" },
    };
    const undone = { SelfManagedEventSource: undefined, SelfManagedKafkaEventSourceConfig: undefined };
    expect(kafkaMappingOf({ ...rest, ...undone, ...own })).toMatchObject({
      bootstrapServers: ["127.0.0.1:9092"],
      clusterArn: CLUSTER_ARN,
      groupId: "g",
    });
  });

  it("turns unlimited retries into ten where discarded records have a destination", () => {
    const DestinationConfig = { OnFailure: { Destination: QUEUE } };
    expect(kafkaMappingOf({ DestinationConfig })).toMatchObject({
      maximumRetryAttempts: 10,
      failureDestination: QUEUE,
    });
    expect(kafkaMappingOf({ DestinationConfig, MaximumRetryAttempts: 3 }).maximumRetryAttempts).toBe(3);
    expect(kafkaMappingOf({ MaximumRetryAttempts: -1 }).maximumRetryAttempts).toBe(-1);
  });

  it.each([
    [{ MaximumRetryAttempts: 3 }],
    [{ MaximumRecordAgeInSeconds: 60 }],
    [{ BisectBatchOnFunctionError: true }],
    [{ FunctionResponseTypes: ["ReportBatchItemFailures"] }],
  ])("refuses %j outside provisioned mode", (controls) => {
    const properties = { ...controls, ProvisionedPollerConfig: undefined };
    expect(() => kafkaMappingOf(properties)).toThrow(/CONFIGURATION_INVALID.*ProvisionedPollerConfig/);
  });

  it.each([
    [{ Topics: ["one", "two"] }, "Topics"],
    [{ FilterCriteria: { Filters: [] } }, "FilterCriteria"],
    [{ StartingPosition: "AT_TIMESTAMP" }, "StartingPosition"],
    [{ EventSourceArn: CLUSTER_ARN }, "either"],
    [{ DestinationConfig: { OnFailure: { Destination: "kafka://dead" } } }, "Destination"],
    [{ SelfManagedKafkaEventSourceConfig: { ConsumptionMode: "Queue" } }, "ConsumptionMode"],
    [{ Unheard: 1 }, "Unheard"],
  ])("refuses %j", (properties, named) => {
    expect(() => kafkaMappingOf(properties)).toThrow(named);
  });

  it("is another mapping with another source, topic, group or starting position, and no other change", () => {
    const former = kafkaMappingOf();
    const other = (properties: object) => replacesKafka(kafkaMappingOf({ ...properties }), former);
    expect(other({ Topics: ["other"] })).toBe(true);
    expect(other({ SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: "other" } })).toBe(true);
    expect(other({ StartingPosition: "LATEST" })).toBe(true);
    expect(other({ BatchSize: 7, Enabled: false, MaximumRetryAttempts: 2 })).toBe(false);
  });
});
