/** What a bounded call is made with; both end when its time is over. */
export interface CallBounds {
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Calls foreign code and waits for it no longer than its time.
 *
 * @param overdue - the error of a call that did not answer in time
 * @param send - what `fetch` really calls
 */
export async function callBounded<Result>(
  limitMillis: number,
  call: (bounds: CallBounds) => Promise<Result> | Result,
  overdue: () => Error,
  send: typeof globalThis.fetch = (input, init) => fetch(input, init),
): Promise<Result> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(overdue());
      abort.abort();
    }, limitMillis);
  });
  const fetchBounded: typeof globalThis.fetch = (input, init) =>
    send(input, {
      ...init,
      signal: AbortSignal.any([abort.signal, ...(init?.signal ? [init.signal] : [])]),
    });
  try {
    return await Promise.race([
      Promise.resolve().then(() => call({ signal: abort.signal, fetch: fetchBounded })),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
