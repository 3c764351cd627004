/** What a control request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A control request, its body read as JSON where it has one. */
export interface ControlRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly readBody: (subject: string) => Promise<unknown>;
}
