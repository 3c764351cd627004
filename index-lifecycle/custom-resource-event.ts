import * as z from "zod";

const shared = {
  StackId: z.string().default(""),
  RequestId: z.string().default(""),
  LogicalResourceId: z.string().default(""),
  ResponseURL: z.string().min(1),
};

/** What every custom resource request carries, whatever is wrong with the rest: enough to answer it. */
export const addressSchema = z.object({ ...shared, PhysicalResourceId: z.string().optional() });

/** Where an answer goes, and about what it is. */
export type CustomResourceAddress = z.infer<typeof addressSchema>;

const properties = z.object({ action: z.string(), spec: z.string() });

/**
 * A custom resource request. Properties are strings, because CloudFormation turns every number and boolean
 * into one: structure travels as JSON text in `spec`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export const requestSchema = z.discriminatedUnion("RequestType", [
  z.object({ RequestType: z.literal("Create"), ResourceProperties: properties }),
  z.object({
    RequestType: z.literal("Update"),
    PhysicalResourceId: z.string(),
    ResourceProperties: properties,
    OldResourceProperties: properties.partial().optional(),
  }),
  z.object({
    RequestType: z.literal("Delete"),
    PhysicalResourceId: z.string().optional(),
    ResourceProperties: properties.partial().default({}),
  }),
]);

/** One request of {@link requestSchema}. */
export type CustomResourceRequest = z.infer<typeof requestSchema>;
