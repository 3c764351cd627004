/** What a control request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}
