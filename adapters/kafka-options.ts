import { type BaseOptions, SASLMechanisms } from "@platformatic/kafka";
import type { KafkaConnection } from "../core/source-descriptor.ts";
import type { ReadUser } from "./secret-reader.ts";

/** Makes a token that MSK takes for an identity of IAM. @see https://github.com/aws/aws-msk-iam-sasl-signer-js */
export type MakeMskToken = (region: string) => Promise<string>;

/** What every client of a Kafka is made with. */
export type KafkaClientOptions = Pick<BaseOptions, "clientId" | "bootstrapBrokers" | "tls" | "sasl">;

/** How to reach a Kafka, and as whom; the secret or token is read anew each time. */
export async function toKafkaOptions(
  { bootstrapServers, authentication }: KafkaConnection,
  readUser: ReadUser,
  makeToken: MakeMskToken,
): Promise<KafkaClientOptions> {
  const options = { clientId: "trueup", bootstrapBrokers: [...bootstrapServers] };
  switch (authentication.kind) {
    case "none":
      return options;
    case "scram":
      return {
        ...options,
        tls: {},
        sasl: {
          mechanism: SASLMechanisms.SCRAM_SHA_512,
          ...(await readUser(authentication.secretArn)),
        },
      };
    case "iam":
      return {
        ...options,
        tls: {},
        sasl: { mechanism: SASLMechanisms.OAUTHBEARER, token: await makeToken(authentication.region) },
      };
  }
}
