/** What a text is as JSON; undefined where it is none. For texts that others wrote, whose shape is checked next. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
