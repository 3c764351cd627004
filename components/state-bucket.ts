import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stateLayout } from "../core/state-layout.ts";

/** How long things in the state bucket are kept, days. */
const KEEP_DAYS = { responses: 1, exports: 7, audits: 400, oldVersions: 30 };

/**
 * The one bucket of an environment: manifests, exports, audit reports, function code, what is known of tables.
 *
 * Protected and versioned: losing it means a full audit of every table. Unprotected, it goes with all it holds.
 * Exports expire, because they hold documents.
 */
export class StateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    { keyArn, protect }: { readonly keyArn: pulumi.Input<string> | undefined; readonly protect: boolean },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("trueup:state:StateBucket", name, {}, opts);
    this.bucket = new aws.s3.Bucket(
      name,
      { forceDestroy: !protect },
      { parent: this, protect, retainOnDelete: protect },
    );
    this.name = this.bucket.bucket;
    this.arn = this.bucket.arn;
    this.#secure(name, keyArn);
    this.#expire(name);
    this.registerOutputs({ name: this.name });
  }

  #secure(name: string, keyArn: pulumi.Input<string> | undefined): void {
    const bucket = this.bucket.bucket;
    const parent = { parent: this };
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: toEncryption(keyArn), bucketKeyEnabled: true }],
      },
      parent,
    );
    new aws.s3.BucketPolicy(`${name}-policy`, { bucket, policy: tlsOnly(this.bucket.arn) }, parent);
  }

  #expire(name: string): void {
    const expiring = (id: string, prefix: string, days: number) => ({
      id,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
    });
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: this.bucket.bucket,
        rules: [
          expiring("responses", stateLayout.lifecycleResponses, KEEP_DAYS.responses),
          expiring("exports", "exports/", KEEP_DAYS.exports),
          expiring("audits", "audits/", KEEP_DAYS.audits),
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: KEEP_DAYS.oldVersions },
            // Every folded segment leaves a delete marker, and listing walks over all of them.
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { parent: this },
    );
  }
}

function toEncryption(keyArn: pulumi.Input<string> | undefined) {
  return keyArn === undefined
    ? { sseAlgorithm: "AES256" }
    : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
}

function tlsOnly(bucketArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
