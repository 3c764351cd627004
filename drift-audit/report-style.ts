/** The page's whole style: light and dark by the reader's own setting, nothing fetched. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1d2229; --quiet: #626a75; --page: #f6f7f9; --card: #fff; --line: #dfe3e8;
  --good: #1a7f4b; --warn: #a86500; --bad: #c0322b }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --quiet: #98a1ae; --page: #14171c; --card: #1d2229;
  --line: #333a44; --good: #4cc38a; --warn: #e8a33d; --bad: #f0716a } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px }
h1 { font-size: 30px; line-height: 1.2; margin: 4px 0 8px }
h2 { font-size: 19px; margin: 36px 0 12px }
.verdict { border-left: 6px solid var(--tone); background: var(--card); border-radius: 8px; padding: 20px 24px }
.good { --tone: var(--good) } .warn { --tone: var(--warn) } .bad { --tone: var(--bad) }
.verdict h1 { color: var(--tone) }
.quiet { color: var(--quiet) } p { margin: 4px 0 }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px }
.card b { display: block; font-size: 26px; font-variant-numeric: tabular-nums }
.card.hit b { color: var(--warn) }
table { border-collapse: collapse; width: 100%; background: var(--card); border-radius: 8px; overflow: hidden }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--quiet); font-weight: 600; font-size: 13px }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto }
svg { max-width: 100%; height: auto }
details { margin: 8px 0 } summary { cursor: pointer }
`;
