/** Epoch milliseconds now. The core never reads a clock; entries pass `Date.now`. */
export type Clock = () => number;
