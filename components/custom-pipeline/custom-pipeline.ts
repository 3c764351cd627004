import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../../core/state-layout.ts";
import { type Grant, objectsUnder } from "../iam.ts";
import type { LambdaFunction } from "../lambda-function.ts";
import type { RereadPath } from "../reread-path.ts";
import type { TableContext } from "../table-context.ts";

/** The custom path of one generation, whatever its source: stream, re-reads and bulk load into one writer. */
export interface CustomPipeline extends pulumi.ComponentResource {
  readonly mode: "custom";
  readonly stream: LambdaFunction;
  readonly loader: LambdaFunction;
  readonly rereads: RereadPath;
  /** What the build relies on. */
  readonly ready: readonly pulumi.Resource[];
  /** Roles that write into the index. */
  readonly writerRoleArns: readonly pulumi.Output<string>[];
}

/** What a loader reads: the files of a snapshot, and whether a load is open. */
export function loadGrants({ stateBucket, table }: TableContext): readonly Grant[] {
  return [
    {
      actions: ["s3:GetObject"],
      resources: [
        objectsUnder(stateBucket.arn, `${stateLayout.exports(table)}/`),
        pulumi.interpolate`${stateBucket.arn}/${stateLayout.control(table)}`,
      ],
    },
  ];
}
