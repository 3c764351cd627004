import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import transform from "trueup:transform";
import { makeLogger, makeWriteMetrics } from "../adapters/lambda-metrics.ts";
import { makePostgresColumns } from "../adapters/postgres-columns.ts";
import { makeS3ControlStore } from "../adapters/s3-control-store.ts";
import { makeS3ObjectStore } from "../adapters/s3-object-store.ts";
import { makeOffsetReader } from "../core/latest-position.ts";
import { requireLog, topicOf } from "../core/source-descriptor.ts";
import { stateLayout } from "../core/state-layout.ts";
import { type KafkaAnswer, makeConsumeKafka } from "./consume-kafka.ts";
import { type KafkaEvent, readKafkaEvent } from "./kafka-event.ts";
import { makeSqlDeps } from "./make-sql-deps.ts";
import { makeRecordGap } from "./record-gap.ts";
import { makeTruncations } from "./truncate-table.ts";

/** What a table's manifest is divided into unless it says otherwise; as `components/table-defaults.ts` has it. */
const MANIFEST_BUCKETS = 16;

const { deps, settings, s3, source, session } = makeSqlDeps(transform, process.env);
const writeMetrics = makeWriteMetrics(settings);
const logger = makeLogger("trueup-consumer", settings);
/** How long this function may run; what re-reads records may as long. */
let invocationMillis = 0;
const store = makeS3ObjectStore(s3, settings.stateBucket);
const control = makeS3ControlStore(store);
const consumeKafka = makeConsumeKafka({
  ...deps,
  tableName: source.tableName,
  topic: topicOf(requireLog(source), source.tableName),
  columns: makePostgresColumns(session),
  offsets: makeOffsetReader(store, settings, deps.now),
  gaps: makeRecordGap({ ...deps, control, announce: announceGap }),
  truncations: makeTruncations({
    ...deps,
    control,
    place: {
      store,
      folder: stateLayout.manifest(settings.generation, settings.indexUuid),
      buckets: settings.manifestBuckets ?? MANIFEST_BUCKETS,
      newName: randomUUID,
    },
    wait: pause,
    invocationMillis: () => invocationMillis,
  }),
  several: transform.kind === "user" && transform.documents === "any",
});

/** Lambda's entry for a Kafka event source mapping, of an MSK cluster or any other. */
export async function handler(
  event: KafkaEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<KafkaAnswer> {
  const remaining = context.getRemainingTimeInMillis();
  invocationMillis = Math.max(invocationMillis, remaining);
  return consumeKafka(readKafkaEvent(event), deps.now() + remaining);
}

function announceGap(cause: string): void {
  writeMetrics([{ name: "StreamGaps", unit: "Count", values: [1] }]);
  logger.error("changes were lost for good: the index needs an approved full audit", { cause });
}
