import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Every role of the account is made under this boundary. */
export const boundary = new aws.iam.Policy("boundary", {
  policy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  },
});

const { accountId } = aws.getCallerIdentityOutput();
const { region } = aws.getRegionOutput();

/** Encrypts all the shop stores; logs and alarms use it as services of AWS. */
export const key = new aws.kms.Key("shop", {
  enableKeyRotation: true,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Effect: "Allow",
        Principal: {
          Service: [pulumi.interpolate`logs.${region}.amazonaws.com`, "cloudwatch.amazonaws.com"],
        },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
      },
    ],
  }),
});

const vpc = new aws.ec2.Vpc("shop", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const zones = aws.getAvailabilityZonesOutput({ state: "available" }).names;
const subnets = [0, 1].map(
  (place) =>
    new aws.ec2.Subnet(`shop-${place}`, {
      vpcId: vpc.id,
      cidrBlock: `10.0.${place}.0/24`,
      availabilityZone: zones[place] ?? "",
    }),
);
const routes = new aws.ec2.RouteTable("shop", { vpcId: vpc.id });
for (const [place, subnet] of subnets.entries()) {
  new aws.ec2.RouteTableAssociation(`shop-${place}`, { routeTableId: routes.id, subnetId: subnet.id });
}
/** Functions, domain and endpoints are in one group, which lets itself in. */
const group = new aws.ec2.SecurityGroup("search", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, self: true }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});

/** Private subnets without a way out: what is in them reaches AWS by endpoints. */
export const network = {
  vpcId: vpc.id,
  subnetIds: subnets.map(({ id }) => id),
  securityGroupIds: [group.id],
  routeTableIds: [routes.id],
};

/** Trueup reads it and changes nothing of it. */
export const orders = new aws.dynamodb.Table("orders", {
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
  streamEnabled: true,
  streamViewType: "NEW_AND_OLD_IMAGES",
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
});

/** Who may say what roles do inside the domain; Trueup maps its functions' roles under it. */
export const searchAdmin = new aws.iam.Role("search-admin", {
  permissionsBoundary: boundary.arn,
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});

export const domain = new aws.opensearch.Domain("search", {
  engineVersion: "OpenSearch_3.1",
  clusterConfig: { instanceType: "r7g.large.search", instanceCount: 2, zoneAwarenessEnabled: true },
  ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 100 },
  encryptAtRest: { enabled: true, kmsKeyId: key.keyId },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  advancedSecurityOptions: { enabled: true, masterUserOptions: { masterUserArn: searchAdmin.arn } },
  vpcOptions: { subnetIds: network.subnetIds, securityGroupIds: network.securityGroupIds },
  accessPolicies: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "es:ESHttp*",
        Resource: "*",
      },
    ],
  }),
});

new aws.iam.RolePolicyAttachment("search-admin-in-vpc", {
  role: searchAdmin.name,
  policyArn: aws.iam.ManagedPolicy.AWSLambdaVPCAccessExecutionRole,
});
new aws.iam.RolePolicy("search-admin", {
  role: searchAdmin.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpDelete"],
        Resource: pulumi.interpolate`${domain.arn}/_plugins/_security/api/*`,
      },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: key.arn },
    ],
  },
});
