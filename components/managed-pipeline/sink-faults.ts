import type { OpenSearchSinkOptions } from "../../core/ingestion/sink-options.ts";
import type { Fault } from "../faults.ts";
import { isAcknowledged, type ReadSubPipeline } from "./body-schema.ts";
import { join } from "./schema-faults.ts";

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/creating-pipeline.html */
const MOST_SINKS = 10;
/** What a bulk takes a version of. @see https://github.com/opensearch-project/data-prepper `opensearch/…/BulkOperationFactory.java` */
const VERSIONED_ACTIONS: readonly string[] = ["index", "delete"];
const ACTIONS: readonly string[] = [...VERSIONED_ACTIONS, "create", "update", "upsert"];

interface PlacedSink {
  readonly path: string;
  readonly options: OpenSearchSinkOptions;
}

/** Sinks that are right each for itself and not together, or not for what their source asks of them. */
export function findSinkFaults(body: ReadonlyMap<string, ReadSubPipeline>): readonly Fault[] {
  const sinks = [...body].flatMap(([name, { sink }]) =>
    sink.flatMap(({ opensearch }, place): readonly PlacedSink[] =>
      opensearch === undefined
        ? []
        : [{ path: join(name, ["sink", place, "opensearch"]), options: opensearch }],
    ),
  );
  const acknowledged = [...body.values()].some(isAcknowledged);
  return [
    ...countFaults(body),
    ...differenceFaults(sinks),
    ...sinks.flatMap((sink) => [...actionFaults(sink), ...serverlessFaults(sink)]),
    ...(acknowledged ? sinks.flatMap(deadLetterFaults) : []),
  ];
}

function countFaults(body: ReadonlyMap<string, ReadSubPipeline>): readonly Fault[] {
  const count = [...body.values()].flatMap(({ sink }) => sink).filter(({ pipeline }) => !pipeline).length;
  if (count <= MOST_SINKS) return [];
  return [{ propertyPath: "", reason: `must have ${MOST_SINKS} sinks at the most; has ${count}` }];
}

/** One domain, one role. @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-opensearch */
function differenceFaults([first, ...others]: readonly PlacedSink[]): readonly Fault[] {
  if (first === undefined) return [];
  return others.flatMap(({ path, options: { hosts, aws } }) => [
    ...(String(hosts) === String(first.options.hosts)
      ? []
      : [
          {
            propertyPath: join(path, ["hosts"]),
            reason: `must be those of ${first.path}: a pipeline has one domain`,
          },
        ]),
    ...(aws.sts_role_arn === first.options.aws.sts_role_arn
      ? []
      : [
          {
            propertyPath: join(path, ["aws", "sts_role_arn"]),
            reason: `must be that of ${first.path}: a pipeline has one role`,
          },
        ]),
  ]);
}

function actionFaults({ path, options }: PlacedSink): readonly Fault[] {
  const { action, actions = [], document_version_type: type } = options;
  const isExternal = type === "external" || type === "external_gte";
  const allowed = isExternal ? VERSIONED_ACTIONS : ACTIONS;
  const given = [
    ...(action === undefined ? [] : [{ at: join(path, ["action"]), value: action }]),
    ...actions.map(({ type: value }, place) => ({ at: join(path, ["actions", place, "type"]), value })),
  ];
  const unfit = isExternal ? ": others take no external version, and fail their whole bulk" : "";
  return given
    .filter(({ value }) => !value.includes("${") && !allowed.includes(value))
    .map(({ at, value }) => ({
      propertyPath: at,
      reason: `must be ${allowed.join(", ")} or an expression${unfit}; got ${value}`,
    }));
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html#ingestion-params-opensearch */
function serverlessFaults({ path, options: { aws, hosts, index_type: type } }: PlacedSink): readonly Fault[] {
  const isCollection = hosts.some((host) => host.includes(".aoss."));
  if (isCollection !== (aws.serverless ?? false)) {
    return [
      {
        propertyPath: join(path, ["aws", "serverless"]),
        reason: "must be true for a collection, and only for one",
      },
    ];
  }
  if (!isCollection || type === undefined || type === "management_disabled") return [];
  return [
    { propertyPath: join(path, ["index_type"]), reason: "must be management_disabled for a collection" },
  ];
}

/** @see https://github.com/opensearch-project/data-prepper/issues/6088 what is refused is then read again without end */
function deadLetterFaults({ path, options: { dlq } }: PlacedSink): readonly Fault[] {
  if (dlq !== undefined) return [];
  const reason =
    "must be there: without it a refused document is read again without end, as its source waits";
  return [{ propertyPath: join(path, ["dlq"]), reason }];
}
