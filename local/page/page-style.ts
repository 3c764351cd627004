import { REPORT_STYLE } from "../../drift-audit/report-style.ts";

/** The audit page's style, and what this page has besides. */
export const PAGE_STYLE = `${REPORT_STYLE}
main { max-width: 1120px }
header { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap }
header h1 { margin: 0 }
#state { font-size: 13px }
#tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 12px; margin: 20px 0 28px }
.table { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; cursor: pointer }
.table[aria-pressed=true] { border-color: var(--good); box-shadow: inset 0 0 0 1px var(--good) }
.table h2 { margin: 0; font-size: 17px }
.row { display: flex; justify-content: space-between; gap: 12px; padding: 6px 0; border-top: 1px solid var(--line); margin-top: 6px }
.row b { font-variant-numeric: tabular-nums; text-align: right }
.pill { font-size: 12px; border-radius: 99px; padding: 1px 9px; border: 1px solid currentColor; white-space: nowrap }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
form { display: flex; gap: 8px }
input { flex: 1; min-width: 0; font: inherit; font-size: 18px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: inherit }
#found { margin: 10px 2px; font-size: 14px }
.hit { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin-bottom: 8px }
.hit dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 6px 0 0; font-size: 14px }
.hit dt { color: var(--quiet) } .hit dd { margin: 0; overflow-wrap: anywhere; max-height: 4.5em; overflow: hidden }
.hit header { justify-content: space-between; font-size: 13px }
mark { background: color-mix(in srgb, var(--warn) 30%, transparent); color: inherit; border-radius: 3px }
@keyframes fresh { from { background: color-mix(in srgb, var(--good) 28%, var(--card)) } }
.fresh { animation: fresh 4s ease-out }
@media (max-width: 560px) { main { padding: 16px 12px } .hit dl { grid-template-columns: 1fr } .hit dt { margin-top: 4px } }
`;
