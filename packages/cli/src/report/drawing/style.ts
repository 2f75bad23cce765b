// The style sheet: a newspaper page, light and dark, on paper and on a telephone.

/** The whole sheet. */
export const style = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--quiet:#5d6670;--rule:#d5dae0;--band:#eceff2;--blue:#1a5fa8;--orange:#bc4510;--grey:#c3cad2}
@media (prefers-color-scheme:dark){:root{--paper:#12161b;--ink:#e9edf1;--quiet:#9aa5b1;--rule:#343c46;--band:#232a33;--blue:#6fb1f7;--orange:#ff9a5c;--grey:#4b5561}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--quiet:#444;--rule:#ccc;--band:#eceff2;--blue:#1a5fa8;--orange:#bc4510;--grey:#c3cad2}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:56rem;padding:2.5rem 2rem 4rem;overflow-wrap:anywhere}
h1,h2,h3,p,dl,ul,pre,figure,table{margin:0}
h1,h2,h3{line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.7rem,1.2rem + 2.4vw,2.6rem);font-weight:700;letter-spacing:-.015em;max-width:44rem}
h2{font-size:clamp(1.25rem,1.1rem + .8vw,1.6rem);letter-spacing:-.01em;max-width:40rem}
h3{font-size:1rem;margin:2rem 0 .5rem}
a{color:var(--blue)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--blue);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
.kicker{color:var(--quiet);font-size:.82rem;margin-bottom:.4rem}
.why{font-size:1.15rem;max-width:44rem;margin-top:.8rem}
.stopped{border-left:4px solid var(--orange);padding:.2rem 0 .2rem .9rem;margin-top:1.2rem;max-width:44rem}
.facts{display:grid;grid-template-columns:repeat(3,1fr);gap:1.5rem 2rem;margin-top:1.8rem;border-top:2px solid var(--ink);padding-top:1rem}
.facts dt{font-size:.82rem;color:var(--quiet);margin-bottom:.15rem}
.facts dd{margin:0}
.number,td,.chances{font-variant-numeric:tabular-nums lining-nums}
nav{margin-top:2rem;font-size:.88rem;color:var(--quiet)}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0;padding:0}
section{margin-top:4rem;border-top:1px solid var(--rule);padding-top:1.2rem}
.lead{max-width:44rem;margin:.6rem 0 1.4rem;color:var(--ink)}
.scroll+.lead{margin-top:2rem}
figure{margin:1rem 0 0}
figcaption,.note{color:var(--quiet);font-size:.85rem;max-width:44rem;margin-top:.4rem}
.plot{display:block;max-width:100%;height:auto;overflow:visible;fill:currentColor;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;text-anchor:middle}
.plot text{white-space:pre}
.narrow{display:none}
.panels{display:flex;flex-wrap:wrap;gap:1.5rem 1.2rem}
.panel-title{font-size:.88rem;font-weight:600;margin:.8rem 0 .2rem;max-width:44rem}
.panel .panel-title{max-width:16rem}
.ink{color:var(--ink)}.blue{color:var(--blue)}.orange{color:var(--orange)}
.scroll{overflow-x:auto;margin-top:1rem}
table{border-collapse:collapse;font-size:.88rem;line-height:1.35}
caption{white-space:nowrap;text-align:left;color:var(--quiet);font-size:.82rem;padding-bottom:.4rem}
th,td{padding:.42rem .9rem .42rem 0;text-align:right;vertical-align:baseline;border-bottom:1px solid var(--rule);font-weight:400}
th:first-child,td:first-child{text-align:left}
thead th{color:var(--quiet);font-size:.78rem;vertical-align:bottom;line-height:1.25;border-bottom:1px solid var(--ink)}
th:last-child,td:last-child{padding-right:.2rem}
td{white-space:nowrap}
thead th{min-width:4.2rem;overflow-wrap:break-word}
tbody th{min-width:7rem;max-width:18rem}
small{color:var(--quiet);font-size:.85em}
.losses{width:100%;min-width:44rem}
.losses thead th{max-width:8rem}
.losses tbody th{min-width:9.5rem}
.losses th small{display:block}
.baseline th,.baseline td{color:var(--quiet)}
.baseline b{color:var(--ink)}
.used th,.used td:nth-of-type(1){font-weight:700}
.used small{font-weight:400}
.models th,.models td{padding-left:1.6rem;padding-right:.2rem}
.models th:first-child{padding-left:0;max-width:12rem}
.models th small{display:block}
.models .bar{display:block;margin:0 0 .25rem auto}
.versus .bar{display:inline-block;vertical-align:-1px;margin-right:.6rem}
.chances{display:inline-block;min-width:5.6rem}
.better{fill:var(--blue)}.same{fill:var(--grey)}.worse{fill:var(--orange)}
.key{font-weight:600;border-bottom:3px solid}
.key.better{border-color:var(--blue)}.key.same{border-color:var(--grey)}.key.worse{border-color:var(--orange)}
.matrix th,.matrix td{padding:.5rem .8rem;border:1px solid var(--paper)}
.matrix thead th{border-bottom:1px solid var(--ink);max-width:9rem}
.matrix th:first-child{padding-left:0;max-width:14rem}
.matrix td{background:color-mix(in srgb,var(--tint) calc(var(--share)*45%),var(--band));print-color-adjust:exact;-webkit-print-color-adjust:exact}
.matrix td small{color:inherit;opacity:.8}
.right{--tint:var(--blue)}.wrong{--tint:var(--orange)}
details{margin-top:.8rem}
summary{cursor:pointer;width:fit-content}
.data>summary{color:var(--quiet);font-size:.85rem}
.class{border-top:1px solid var(--rule);padding-top:.6rem}
.class>summary{font-weight:600}
.plan{display:grid;gap:.35rem;font-size:.92rem}
.plan div{display:grid;grid-template-columns:10rem 1fr;gap:1rem}
.plan dt{color:var(--quiet)}
.plan dd{margin:0}
.notes{padding-left:1.1rem;font-size:.92rem;max-width:44rem}
.notes li{margin-bottom:.3rem}
.notes .code{opacity:.6;font-size:.85em}
.notes .warning{font-weight:600}
#disclosure p{max-width:44rem}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin-bottom:1rem;white-space:pre-wrap;background:var(--band);padding:.8rem 1rem;border-radius:4px}
@media (max-width:760px){
body{padding:1.5rem 1rem 3rem}
html{font-size:16px}
caption{white-space:normal}
.facts{grid-template-columns:1fr;gap:.9rem}
.wide{display:none}.narrow{display:block}
section{margin-top:3rem}
.plan div{grid-template-columns:1fr;gap:0;margin-bottom:.4rem}
.models th,.models td{padding-left:.9rem}
.models tbody th{min-width:6rem}
.models th:first-child{position:sticky;left:0;background:var(--paper)}
.losses th:first-child{position:sticky;left:0;background:var(--paper);min-width:7.5rem}
}
@media print{
@page{margin:16mm}
html{font-size:10.5pt}
body{padding:0;max-width:none}
nav,.skip,.data{display:none}
.wide{display:block}.narrow{display:none}
section{margin-top:2rem}
section,.panel,tr,figure{break-inside:avoid}
#reliability,#disclosure,#decisions,#precision-recall,#losses,#thresholds{break-inside:auto}
h2,h3,.kicker,.lead{break-after:avoid}
.scroll{overflow:visible}
.class::details-content{content-visibility:visible;display:block}
.bar,.plot{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
