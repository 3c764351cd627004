import * as aws from "@pulumi/aws";
import * as awsNative from "@pulumi/aws-native";
import * as pulumi from "@pulumi/pulumi";
import { SETTINGS_VARIABLE } from "../core/settings.ts";
import { stateLayout } from "../core/state-layout.ts";
import type { EnvironmentContext } from "./environment-context.ts";
import type { FunctionCode } from "./function-code.ts";
import { type Grant, makeServiceRole, type ServiceRole, usingKey, vpcAccessPolicy } from "./iam.ts";

/** Arguments of a function. */
export interface LambdaFunctionArgs {
  readonly code: FunctionCode;
  /** What the entry reads from `TRUEUP_SETTINGS`; serialised here. */
  readonly settings: pulumi.Input<object>;
  readonly grants: readonly Grant[];
  /** Managed policies of AWS beside that of a function in a VPC. @default none */
  readonly managedPolicyArns?: readonly pulumi.Input<string>[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /**
   * A role that exists, instead of one made here; it must trust Lambda and may do what `grants` would.
   *
   * @default a role of the function's own
   */
  readonly existingRoleArn?: pulumi.Input<string>;
}

/**
 * A Lambda function with its own role and log group: one purpose, one role, no `*` resources.
 *
 * Its code is an object of the state bucket named by content, so an unchanged function is not touched.
 */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Absent with `existingRoleArn`. */
  readonly role?: ServiceRole;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroupArn: pulumi.Output<string>;
  readonly function: awsNative.lambda.Function;

  constructor(
    name: string,
    context: EnvironmentContext,
    args: LambdaFunctionArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:lambda:LambdaFunction", name, {}, opts);
    const logGroup = this.#makeLogGroup(name, context);
    this.logGroupArn = logGroup.arn;
    if (args.existingRoleArn === undefined) this.role = this.#makeRole(name, context, args, logGroup);
    this.roleArn = pulumi.output(args.existingRoleArn ?? this.role?.arn ?? "");
    const object = this.#uploadCode(name, context, args.code);
    this.function = new awsNative.lambda.Function(
      name,
      {
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        role: this.roleArn,
        code: { s3Bucket: context.stateBucket.name, s3Key: object.key },
        timeout: args.timeoutSeconds,
        memorySize: args.memoryMegabytes,
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.logGroupName.apply((given) => given ?? "") },
        environment: { variables: toVariables(args.settings, context) },
        ...(context.vpcConfig === undefined ? {} : { vpcConfig: context.vpcConfig }),
        ...(context.keyArn === undefined ? {} : { kmsKeyArn: context.keyArn }),
      },
      { parent: this, hooks: { onError: [...context.errorHooks] } },
    );
    this.arn = this.function.arn;
    this.functionName = this.function.functionName.apply((given) => given ?? "");
    this.registerOutputs({ arn: this.arn });
  }

  #makeLogGroup(name: string, { logRetentionDays, keyArn }: EnvironmentContext): awsNative.logs.LogGroup {
    return new awsNative.logs.LogGroup(
      `${name}-logs`,
      { retentionInDays: logRetentionDays, ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }) },
      { parent: this },
    );
  }

  #makeRole(
    name: string,
    context: EnvironmentContext,
    { grants, managedPolicyArns = [] }: LambdaFunctionArgs,
    logGroup: awsNative.logs.LogGroup,
  ): ServiceRole {
    const logs: Grant = {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroup.arn],
    };
    return makeServiceRole(
      `${name}-role`,
      {
        service: "lambda.amazonaws.com",
        grants: { function: [logs, ...usingKey(context.keyArn), ...grants] },
        permissionsBoundary: context.permissionsBoundary,
        managedPolicyArns: [
          ...(context.vpcConfig === undefined ? [] : [vpcAccessPolicy(context.partition)]),
          ...managedPolicyArns,
        ],
      },
      { parent: this },
    );
  }

  #uploadCode(name: string, { stateBucket }: EnvironmentContext, code: FunctionCode): aws.s3.BucketObjectv2 {
    return new aws.s3.BucketObjectv2(
      `${name}-code`,
      {
        bucket: stateBucket.name,
        key: `${stateLayout.artifacts}${code.sha256}-${name}.zip`,
        source: new pulumi.asset.FileAsset(code.file),
        sourceHash: code.sha256,
      },
      { parent: this },
    );
  }
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html the SDK's own variable for one service */
function toVariables(settings: pulumi.Input<object>, { streamsUrl }: EnvironmentContext) {
  return {
    [SETTINGS_VARIABLE]: pulumi.jsonStringify(settings),
    ...(streamsUrl === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: streamsUrl }),
  };
}
