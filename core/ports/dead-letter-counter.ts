export interface DeadLetterCounter {
  /**
   * @returns messages on the queue, waiting or being worked on; approximate, and never 0 for long when there are any
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
   */
  count(queueUrl: string): Promise<number>;
}
