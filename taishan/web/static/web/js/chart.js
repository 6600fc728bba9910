/* Draws a figure's series with ECharts, fetched only here. Tooltips are drawn on the canvas:
   ECharts' HTML tooltips carry style attributes, which the content security policy forbids. */
const styles = () => getComputedStyle(document.documentElement);
const token = (name) => styles().getPropertyValue(`--${name}`).trim();

function option({ kind, days, series }) {
  const ink = token("ink");
  const line = token("line");
  return {
    aria: { enabled: true, decal: { show: kind === "bar" } },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: token("font"), color: ink },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { type: "scroll", textStyle: { color: ink }, top: 0 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: days, axisLine: { lineStyle: { color: line } }, axisLabel: { color: token("soft") } },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: line } }, axisLabel: { color: token("soft") } },
    series: series.map((one) => ({
      name: one.word,
      type: kind,
      data: one.values,
      stack: kind === "bar" ? "all" : undefined,
      symbolSize: 4,
      ...(one.state ? { color: token(`${one.state}-edge`) } : {}),
    })),
  };
}

export default async function chart(figure) {
  await import("../../npm/echarts.common.min.js");
  const canvas = figure.querySelector(".chart-canvas");
  const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
  canvas.append(document.createElement("div"));
  const drawn = globalThis.echarts.init(canvas, null, { renderer: "canvas" });
  drawn.setOption(option(data));
  new ResizeObserver(() => drawn.resize()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.setOption(option(data)));
}
