/**
 * The answer to one custom resource request, as it goes over the wire; at most 4,096 bytes.
 *
 * A failed create carries no `PhysicalResourceId`: with one it would be kept as if it existed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export interface CustomResourceAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

export interface CustomResourceResponder {
  /** @throws SyncError `ENGINE_FAILED` when the answer could not be delivered after several tries (retryable) */
  respond(responseUrl: string, answer: CustomResourceAnswer): Promise<void>;
}
