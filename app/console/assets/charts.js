// Draws every <figure data-chart="ADDRESS"> on the page: the address answers with an ECharts option as JSON.
import * as echarts from "echarts/core";
import { BarChart, LineChart, LinesChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, LinesChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent,
  LabelLayout, SVGRenderer,
]);

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

async function draw(figure) {
  const answer = await fetch(figure.dataset.chart, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const option = await answer.json();
  const place = figure.querySelector("[data-drawing]");
  const chart = echarts.init(place, null, { renderer: "svg" });
  // rich text: a tooltip of HTML would need inline styles, which the page's policy refuses
  const tooltip = { renderMode: "richText", confine: true, ...(option.tooltip || {}) };
  chart.setOption({ animation: !calm, aria: { enabled: true }, ...option, tooltip });
  new ResizeObserver(() => chart.resize()).observe(place);
  figure.dataset.drawn = "yes";
}

for (const figure of document.querySelectorAll("figure[data-chart]")) draw(figure);
