// How the preview looks: near enough to Grafana's two themes to judge colours on them.

export const PREVIEW_CSS = `
:root { --page: #f4f5f5; --panel: #fff; --ink: #24292e; --quiet: #6e7781; --line: #e4e7e7; }
[data-theme='dark'] { --page: #111217; --panel: #181b1f; --ink: #ccccdc; --quiet: #8e8e9a; --line: #2c3235; color-scheme: dark; }
* { box-sizing: border-box; margin: 0; }
body { position: relative; background: var(--page); color: var(--ink); font: 12px/1.35 Inter, 'Helvetica Neue', Arial, sans-serif; }
header { position: absolute; inset: 0 0 auto 0; height: 48px; display: flex; gap: 16px; align-items: center; padding: 0 8px; }
header h1 { font-size: 16px; font-weight: 500; margin-right: 12px; }
header span { border: 1px solid var(--line); border-radius: 2px; padding: 3px 8px; background: var(--panel); }
header label { color: var(--quiet); }
section { position: absolute; background: var(--panel); border: 1px solid var(--line); border-radius: 2px; overflow: hidden; }
section h3 { height: 30px; padding: 7px 8px 0; font-size: 13px; font-weight: 500; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
h2 { position: absolute; font-size: 14px; font-weight: 500; padding-top: 6px; }
.body { position: absolute; inset: 30px 7px 7px; overflow: hidden; }
.empty { display: grid; place-items: center; height: 100%; color: var(--quiet); }
.stats { display: grid; grid-auto-rows: 1fr; height: 100%; }
.stat { min-width: 0; min-height: 0; border-radius: 3px; padding: 2px 10px; display: flex; flex-direction: column; justify-content: center; overflow: hidden; }
.stat small { font-size: 12px; opacity: .85; }
.stat strong { font-weight: 500; line-height: 1.15; }
.bar { display: grid; grid-template-columns: 42% 1fr 22%; gap: 8px; align-items: center; height: 24px; }
.bar span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; text-align: right; }
.bar div { background: color-mix(in srgb, var(--quiet) 15%, transparent); height: 14px; }
.bar b { display: block; height: 100%; }
.bar em { font-style: normal; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; }
.sheet th { text-align: left; font-weight: 500; color: #6e9fff; padding: 3px 6px; white-space: nowrap; }
.sheet td { border-top: 1px solid var(--line); padding: 3px 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 340px; }
[data-theme='light'] .sheet th { color: #1f62e0; }
.legend-box { overflow: hidden; }
.legend th, .legend td { text-align: right; padding: 0 6px; height: 17px; color: var(--quiet); font-weight: 400; white-space: nowrap; }
.legend td:first-child, .legend th:first-child { text-align: left; color: var(--ink); }
.legend i { display: inline-block; width: 10px; height: 3px; margin: 0 6px 3px 0; }
.lane { display: flex; align-items: center; gap: 8px; padding: 1px 0; }
.lane > span { flex: 0 0 auto; text-align: right; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.lane > div { position: relative; flex: 1; height: 100%; overflow: hidden; }
.lane b { position: absolute; top: 0; bottom: 0; color: #111; font-weight: 400; padding: 1px 4px; overflow: hidden; white-space: nowrap; }
.lane b.cell { border-right: 1px solid var(--panel); padding: 0; }
.lane.times { height: 18px; color: var(--quiet); }
.lane.times > div { display: flex; justify-content: space-around; }
.lane u { text-decoration: none; }
svg { display: block; }
svg text { fill: var(--quiet); font-size: 11px; }
svg .grid { stroke: var(--line); }
svg .line { fill: none; stroke-width: 1.3; }
svg .limit { stroke-dasharray: 8 5; }
svg .edge { stroke: var(--quiet); fill: none; }
svg .node { fill: var(--panel); stroke-width: 2.5; }
svg .name { fill: var(--ink); font-size: 12px; }
.markdown p { margin-bottom: 6px; }
.markdown td { border-top: 1px solid var(--line); padding: 2px 8px; }
.markdown a { color: #6e9fff; }
[data-theme='light'] .markdown a { color: #1f62e0; }
`;
