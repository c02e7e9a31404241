// The style of a report: light and dark by the reader's preference, one column on a phone, always light on paper.

const light = `--page:#fff;--ink:#1b2027;--soft:#56606b;--line:#d3d9e0;--panel:#f5f7f9;--c1:#0a5bb8;--c2:#a85000;--c3:#187537;--cell:#0a5bb8;--warn:#fff6e0;--edge:#c98a00`;
const dark = `--page:#13171c;--ink:#e7eaee;--soft:#a5afba;--line:#3a434d;--panel:#1c2228;--c1:#6fb1ff;--c2:#f2a660;--c3:#62d07f;--cell:#3d7fd0;--warn:#2c2410;--edge:#d9a83a`;

/** CSS of the page; loads nothing. */
export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
main,header,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem;overflow-wrap:anywhere}
p{margin:.5rem 0;max-width:46rem}
.note,footer,header p,small,figcaption{color:var(--soft)}
a{color:var(--c1)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:1rem 0;list-style:none}
.warnings{background:var(--warn);border-left:4px solid var(--edge);padding:.5rem 1rem;margin:1rem 0;overflow-wrap:anywhere}
.warnings h2{all:unset;font-weight:600}
.warnings ul{margin:.25rem 0;padding-left:1.2rem}
.verdict{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0;overflow-wrap:anywhere;break-inside:avoid}
.verdict h2{all:unset;font-size:1.15rem;font-weight:600}
.verdict dl{display:block;margin:.5rem 0 0}
.verdict dl div{border-left:4px solid var(--line);padding-left:.75rem;margin:.6rem 0}
.verdict .bad{border-color:var(--edge)}
.worse{color:var(--c2)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.6rem 1.5rem;margin:1rem 0}
dl div{min-width:0}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));gap:.75rem;padding:0;margin:1rem 0;list-style:none}
.cards li{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;display:grid}
.cards strong{font-size:1.8rem;line-height:1.2;font-variant-numeric:tabular-nums}
.side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:0 1.5rem;align-items:start}
.side>*{min-width:0}
figure{margin:1rem 0}
figcaption b{display:block}
figcaption{font-size:.9rem;margin-top:.25rem;overflow-wrap:anywhere}
.chart{overflow-x:auto}
.chart svg{display:block;max-width:100%;height:auto}
.scroll{overflow-x:auto;margin:1rem 0}
table{min-width:min(100%,15rem);border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom;hyphens:auto}
tbody th{font-weight:400;min-width:7rem;max-width:30rem;overflow-wrap:break-word}
td{max-width:16rem;overflow-wrap:break-word}
td:not(.n){min-width:5rem}
.n{text-align:right}
.n small{white-space:nowrap}
.quote{white-space:pre-line;display:inline-block;min-width:14rem}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--c1)}
pre{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
code{font-size:.85em;overflow-wrap:anywhere}
footer{padding-top:2rem;padding-bottom:3rem;font-size:.9rem}
:focus-visible{outline:2px solid var(--c1);outline-offset:2px}
@media (max-width:40rem){
.wide svg{min-width:34rem}
table{font-size:.85rem}
th,td{padding-right:.5rem}
tbody th{min-width:5rem}
.quote{min-width:0}
.stack,.stack caption,.stack tbody,.stack tr,.stack th,.stack td{display:block;max-width:none;min-width:0}
.stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.stack tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.2rem,1fr));gap:.1rem .75rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
.stack th,.stack td{border:0;padding:0;text-align:left}
.stack tbody th{grid-column:1/-1;font-weight:600}
.stack td:has(.quote),.stack td:has(mark){grid-column:1/-1}
.stack td:empty{display:none}
.stack td[data-name]::before{content:attr(data-name);display:block;color:var(--soft);font-size:.75rem}
.scroll{background:linear-gradient(90deg,var(--page) 50%,transparent) 0 0/2rem 100% local no-repeat,linear-gradient(270deg,var(--page) 50%,transparent) 100% 0/2rem 100% local no-repeat,linear-gradient(90deg,var(--line),transparent) 0 0/.7rem 100% scroll no-repeat,linear-gradient(270deg,var(--line),transparent) 100% 0/.7rem 100% scroll no-repeat}
}
@media print{
:root{color-scheme:light;${light}}
@page{margin:15mm}
body{font-size:10.5pt}
main,header,footer{max-width:none;padding:0}
nav{display:none}
h2,h3,caption,thead,h2+p,h3+p{break-after:avoid}
tr:nth-child(-n+2),tr:last-child{break-before:avoid}
figure,tr,.short,.cards li,.warnings,dl div{break-inside:avoid}
p{orphans:3;widows:3}
thead{display:table-header-group}
.scroll,.chart{overflow:visible}
table{font-size:.8em}
th,td{padding-right:.4rem}
tbody th{min-width:0}
.quote{min-width:0}
details::details-content{content-visibility:visible;display:block}
}
`;
