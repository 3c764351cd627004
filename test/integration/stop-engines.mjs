/** Ends, by pid, what `start-engines.mjs` started, and removes its folder last. */
export default async function stopEngines() {
  for (const engine of globalThis.trueupEngines.toReversed()) await engine.stop();
}
