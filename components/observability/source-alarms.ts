import * as pulumi from "@pulumi/pulumi";
import { type AlarmArgs, makeAlarm } from "./alarm.ts";

const FIVE_MINUTES = 300;
const GIBIBYTE = 1024 ** 3;

/** What is watched of a database's log. */
export interface SourceAlarmsArgs {
  readonly environment: string;
  readonly source: string;
  /** From how much log on, kept for the slot, somebody is told. */
  readonly retainedGibibytes: number;
  /** Name of the connector of MSK Connect; undefined where somebody else runs it. */
  readonly connectorName: string | undefined;
  readonly topicArn: pulumi.Input<string>;
  /** What must be there before anything can be wrong with it. */
  readonly after: readonly pulumi.Resource[];
}

type Alarm = Omit<AlarmArgs, "topicArn">;

/** What wakes somebody up about one database: its slot, and what reads it. */
export class SourceAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: SourceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trueup:observability:SourceAlarms", name, {}, opts);
    const alarms = { ...slotAlarms(args), ...connectorAlarms(args) };
    for (const [suffix, alarm] of Object.entries(alarms)) {
      const later = { parent: this, dependsOn: [...args.after] };
      makeAlarm(`${args.source}-${suffix}`, { ...alarm, topicArn: args.topicArn }, later);
    }
    this.registerOutputs({});
  }
}

/** Looks come every minute: the least of five says that something lasted. */
function slotAlarms({ environment, source, retainedGibibytes }: SourceAlarmsArgs): Record<string, Alarm> {
  const ours = {
    namespace: "Trueup",
    dimensions: { service: "trueup", environment, source },
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
  };
  const lasting = { ...ours, statistic: "Minimum" } as const;
  const ever = { ...ours, statistic: "Maximum" } as const;
  return {
    "slot-lost": {
      ...ever,
      metricName: "SlotLost",
      meaning: `The replication slot of ${source} is lost: changes will never be indexed.`,
      runbook: "slot-lost",
    },
    "slot-at-risk": {
      ...ever,
      metricName: "SlotAtRisk",
      meaning: `The database may remove log that the slot of ${source} still needs.`,
      runbook: "slot-behind",
    },
    "slot-inactive": {
      ...lasting,
      metricName: "SlotInactive",
      meaning: `Nobody reads the replication slot of ${source}; the database keeps its log for it.`,
      runbook: "connector-failed",
    },
    "slot-retained": {
      ...lasting,
      metricName: "SlotRetained",
      threshold: retainedGibibytes * GIBIBYTE,
      meaning: `The database of ${source} keeps ${retainedGibibytes} GiB of its log for the slot.`,
      runbook: "slot-behind",
    },
    "slot-lag": {
      ...lasting,
      metricName: "SlotUnconfirmed",
      threshold: (retainedGibibytes * GIBIBYTE) / 2,
      meaning: `The connector of ${source} is ${retainedGibibytes / 2} GiB of log behind its database.`,
      runbook: "slot-behind",
    },
    unseen: {
      ...lasting,
      metricName: "SourceUnseen",
      meaning: `The database of ${source} does not answer; nothing is known of its slot.`,
      runbook: "source-unseen",
    },
  };
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-monitoring-overview.html */
function connectorAlarms({ source, connectorName }: SourceAlarmsArgs): Record<string, Alarm> {
  if (connectorName === undefined) return {};
  const connector = {
    namespace: "AWS/KafkaConnect",
    dimensions: { ConnectorName: connectorName },
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    runbook: "connector-failed",
  };
  return {
    "connector-failed": {
      ...connector,
      metricName: "ErroredTaskCount",
      statistic: "Maximum",
      meaning: `The connector of ${source} failed; the database keeps its log for it, and nothing of it is indexed.`,
    },
    "connector-stopped": {
      ...connector,
      metricName: "RunningTaskCount",
      statistic: "Maximum",
      rings: "below",
      meaning: `No task of the connector of ${source} runs; the database keeps its log for it.`,
    },
  };
}
