import * as echarts from "echarts";
import type { AuditReport } from "../core/audit-report.ts";

const WIDTH = 880;
const HEIGHT = 260;
/** Readable on light and on dark. */
const QUIET = "#8a8f98";

/** Draws drift and duration over the runs as SVG that needs no script. */
export function drawTrend(trend: AuditReport["trend"]): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    textStyle: { color: QUIET },
    legend: { top: 0, textStyle: { color: QUIET } },
    grid: { left: 56, right: 56, top: 40, bottom: 32 },
    xAxis: {
      type: "category",
      data: trend.map(({ finishedAt }) => finishedAt.slice(5, 16).replace("T", " ")),
      axisLabel: { color: QUIET },
    },
    yAxis: [axis("documents", 1), { ...axis("seconds", undefined), splitLine: { show: false } }],
    series: [
      bars(
        "drift found",
        "#e8a33d",
        trend.map(({ drift }) => drift),
      ),
      bars(
        "remaining",
        "#e5534b",
        trend.map(({ remaining }) => remaining),
      ),
      {
        name: "seconds",
        type: "line",
        yAxisIndex: 1,
        itemStyle: { color: "#4c8dd6" },
        data: trend.map(({ seconds }) => seconds),
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function axis(name: string, minInterval: number | undefined) {
  const lines = { lineStyle: { color: "#8a8f9833" } };
  return {
    type: "value" as const,
    name,
    nameTextStyle: { color: QUIET },
    axisLabel: { color: QUIET },
    splitLine: lines,
    ...(minInterval === undefined ? {} : { minInterval }),
  };
}

function bars(name: string, color: string, data: readonly number[]) {
  return { name, type: "bar" as const, barMaxWidth: 24, itemStyle: { color }, data: [...data] };
}
