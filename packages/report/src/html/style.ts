import { themeVariables } from "@sonde/plots";
import { raw } from "./markup.js";

const light = `--paper: #ffffff; --panel: #f6f7f9; --line: #d4d9df; --ink: #1c2127; --soft: #55606b; --link: #0b5cad;
--good: #1a6b3c; --good-back: #e3f3e9; --warn: #7a4a00; --warn-back: #fdf0d5; --bad: #a3151b; --bad-back: #fde7e7; --block: #9fb4c8;`;
const dark = `--paper: #14181d; --panel: #1c2229; --line: #38424d; --ink: #e6eaee; --soft: #a3aeb9; --link: #7cc0ff;
--good: #6fd39a; --good-back: #12301f; --warn: #f0c060; --warn-back: #35280d; --bad: #ff9a9a; --bad-back: #3d1617; --block: #4d6478;`;

/** The style of the page: light and dark by what the reader prefers, one column on a phone, on paper always light. */
export const style = raw(`
:root { color-scheme: light dark; ${light} ${themeVariables("light")} }
@media (prefers-color-scheme: dark) { :root { ${dark} ${themeVariables("dark")} --sonde-background: #1c2229; } }
@media print { :root { color-scheme: light; ${light} ${themeVariables("light")} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.4rem; margin: 2.5rem 0 0.5rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1rem 0 0.25rem; }
p { margin: 0.4rem 0; max-width: 60rem; }
.note, .about { color: var(--soft); font-size: 0.92rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { padding: 1.25rem; border: 1px solid var(--line); border-left: 0.5rem solid var(--accent); border-radius: 0.5rem; background: var(--panel); }
.verdict, .badge, .finding, .layer, .mark { --accent: var(--soft); --back: var(--panel); }
.verdict.healthy, .badge.healthy { --accent: var(--good); --back: var(--good-back); }
.at-risk { --accent: var(--warn) !important; --back: var(--warn-back) !important; }
.degenerate { --accent: var(--bad) !important; --back: var(--bad-back) !important; }
.badge.note, .mark.note { font-size: 0.9rem; }
.verdict h1 { color: var(--accent); }
.verdict .model { font-weight: 600; font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.lead { font-size: 1.1rem; }
.probability { margin: 0.75rem 0; }
.gauge { position: relative; height: 0.75rem; max-width: 30rem; border-radius: 0.4rem; background: linear-gradient(90deg, var(--good-back), var(--warn-back), var(--bad-back)); border: 1px solid var(--line); }
.gauge .range { position: absolute; top: 0; bottom: 0; background: var(--soft); opacity: 0.45; border-radius: 0.3rem; }
.gauge .point { position: absolute; top: -0.25rem; bottom: -0.25rem; width: 0.25rem; margin-left: -0.125rem; background: var(--ink); }
.drivers { list-style: none; padding: 0; max-width: 30rem; }
.drivers li { display: grid; grid-template-columns: 8rem 1fr 3rem; gap: 0.5rem; align-items: center; }
.drivers .bar { height: 0.6rem; }
.drivers .bar span { display: block; height: 100%; background: var(--block); border-radius: 0.2rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 1rem 0 0; }
nav a { display: inline-block; padding: 0.25rem 0; }
.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid var(--accent); border-radius: 1rem; color: var(--accent); background: var(--back); font-weight: 600; font-size: 0.9rem; white-space: nowrap; }
.network { list-style: none; padding: 0; margin: 1rem 0; }
.network > li { border-left: 0.3rem solid transparent; }
.layer { display: grid; grid-template-columns: minmax(6rem, 13rem) minmax(8rem, 18rem) 1fr; gap: 0 1rem; align-items: center; padding: 0.2rem 0.5rem; min-height: 2.1rem; }
.layer.at-risk, .layer.degenerate { border-left-color: var(--accent); background: var(--back); }
.layer .name { font-weight: 600; grid-row: 1 / span 2; }
.layer .block { grid-row: 1 / span 2; position: relative; align-self: stretch; display: flex; justify-content: center; align-items: center; }
.layer .block::before { content: ""; position: absolute; left: 50%; top: -0.2rem; bottom: -0.2rem; width: 2px; margin-left: -1px; background: var(--line); }
.layer:first-child .block::before { top: 50%; }
.layer:last-child .block::before { bottom: 50%; }
.layer .block span { position: relative; display: block; height: 1.15rem; border-radius: 0.25rem; background: var(--block); border: 1px solid var(--soft); }
.layer.at-risk .block span, .layer.degenerate .block span { border: 2px solid var(--accent); }
.layer.beside .block { justify-content: flex-end; }
.says { display: flex; flex-wrap: wrap; gap: 0 1rem; color: var(--soft); font-size: 0.88rem; }
.layer.at-risk .says, .layer.degenerate .says { color: var(--ink); }
.says { grid-column: 3; grid-row: 1 / span 2; }
.says:not(:last-child) { grid-row: 1; }
.marks { grid-column: 3; grid-row: 2; display: flex; flex-wrap: wrap; gap: 0.3rem; list-style: none; margin: 0.2rem 0 0.3rem; padding: 0; }
.mark { display: inline-block; padding: 0.05rem 0.5rem; border: 1px solid var(--accent); border-radius: 1rem; background: var(--paper); color: var(--accent); font-weight: 600; font-size: 0.9rem; }
.skipped { padding: 0.1rem 0.5rem 0.1rem 1rem; color: var(--soft); font-size: 0.88rem; }
.finding { margin: 1rem 0; padding: 0.25rem 1rem 0.75rem; border-left: 0.4rem solid var(--accent); background: var(--panel); border-radius: 0.25rem; scroll-margin-top: 1rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(350px, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; display: flex; justify-content: center; align-items: flex-start; background: var(--sonde-background); border: 1px solid var(--line); border-radius: 0.4rem; overflow: hidden; }
.scrolling { overflow-x: auto; margin: 0.75rem 0; border: 1px solid var(--line); border-radius: 0.4rem; }
.scrolling:focus-visible, a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { padding: 0.35rem 0.75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--panel); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 9rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
table { overflow-wrap: normal; }
thead .number { white-space: normal; min-width: 5.5rem; }
.before > * { background: var(--panel); }
dt { font-weight: 600; margin-top: 0.6rem; }
dd { margin: 0.1rem 0 0 1rem; max-width: 60rem; }
pre { padding: 0.75rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 0.4rem; white-space: pre-wrap; font: 0.9rem/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
summary { cursor: pointer; padding: 0.25rem 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.92rem; }
@media (max-width: 46rem) {
  body { padding: 0.75rem; }
  .verdict { padding: 0.9rem; }
  .layer { grid-template-columns: minmax(5.5rem, 1fr) 1.2fr; }
  .layer .name, .layer .block { grid-row: 1; }
  .says, .says:not(:last-child) { grid-column: 1 / -1; grid-row: 2; }
  .marks { grid-column: 1 / -1; grid-row: 3; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, summary { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .verdict, .finding, figure, .layer, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scrolling { overflow: visible; border: 0; }
  .scrolling table { font-size: 7pt; }
  .scrolling th, .scrolling td { padding: 0.15rem 0.25rem; min-width: 0; white-space: normal; }
  .charts { grid-template-columns: 1fr 1fr; }
}
`);
