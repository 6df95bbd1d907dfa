// A chart's plain values (console/charts.py) as an option of ECharts, in the design's colours.
const grouped = (value) => Number(value).toLocaleString("en", { maximumFractionDigits: 2 });
const percent = (value) => `${(value * 100).toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 0.1 ? 1 : 0 })} %`;
const writer = (share) => (value) => (share ? percent(value) : grouped(value));
const short = (share) => (value) => {
  if (share) return percent(value);
  return Number(value).toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 });
};

const isWhole = (spec) => !spec.share && spec.series.every((series) => series.values.every((value) => Number.isInteger(value ?? 0)));

function axis(spec, tone, { name, share, names, isFirst }) {
  const words = { color: tone.soft, fontSize: 12 };
  const shown = {
    name,
    nameLocation: isFirst ? "middle" : "end",
    nameGap: isFirst ? 28 : 12,
    nameTextStyle: { ...words, align: isFirst ? "center" : "left" },
    axisLine: { show: isFirst, lineStyle: { color: tone.faint } },
    axisTick: { show: false },
    axisLabel: { ...words, formatter: names ? undefined : short(share), hideOverlap: true },
    splitLine: { show: !isFirst, lineStyle: { color: tone.line } },
  };
  return names ? { ...shown, type: "category", data: names } : { ...shown, type: "value", minInterval: isWhole(spec) ? 1 : 0 };
}

const isNamed = (spec) => spec.x.some((value) => typeof value === "string");
const placed = (spec, values) => values.map((value, i) => (isNamed(spec) ? value : [spec.x[i], value]));

function band(spec, series, tone) {
  if (!series.low.length) return [];
  const hidden = { type: "line", stack: `band ${series.name}`, symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
  const widths = series.high.map((high, i) => high - series.low[i]);
  return [
    { ...hidden, data: placed(spec, series.low) },
    { ...hidden, data: placed(spec, widths), areaStyle: { color: tone[series.tone], opacity: 0.16 } },
  ];
}

function lines(spec, tone) {
  return spec.series.flatMap((series) => [
    ...band(spec, series, tone),
    {
      type: "line",
      name: series.name,
      data: placed(spec, series.values),
      symbol: spec.x.length > 40 ? "none" : "circle",
      symbolSize: 5,
      lineStyle: { width: 2, type: series.dashed ? [4, 4] : "solid" },
      color: tone[series.tone],
    },
  ]);
}

const withHref = (series) => series.values.map((value, i) => ({ value, href: series.hrefs[i] }));

// An interval is a short line at its bar; lines are loaded anyway, another kind of series would not be.
function whiskers(spec, series, tone) {
  const isAcross = spec.kind === "across";
  const place = (i, end) => (isAcross ? [end, spec.x[i]] : [spec.x[i], end]);
  return series.low.map((low, i) => ({
    type: "line",
    silent: true,
    symbol: "none",
    z: 5,
    lineStyle: { color: tone.ink, width: 1.5 },
    data: low == null ? [] : [place(i, low), place(i, series.high[i])],
  }));
}

function bars(spec, tone) {
  return spec.series.flatMap((series) => [
    {
      type: "bar",
      name: series.name,
      data: withHref(series),
      stack: spec.kind === "stacked" ? "all" : undefined,
      barMaxWidth: 28,
      barCategoryGap: "35%",
      color: tone[series.tone],
      itemStyle: { borderRadius: spec.kind === "stacked" ? 0 : 2 },
    },
    ...whiskers(spec, series, tone),
  ]);
}

function points(spec, tone) {
  return spec.series.map((series) => ({
    type: "scatter",
    name: series.name,
    color: tone[series.tone],
    symbolSize: ({ length, 2: size }) => (length > 2 ? size : 7),
    itemStyle: { opacity: 0.65 },
    data: series.values.map((value, i) => ({ value, href: series.hrefs[i], name: series.labels?.[i] })),
  }));
}

function marks(spec, tone) {
  const top = Math.max(...spec.series.flatMap((series) => [...series.values, ...series.high]).map(Number).filter(Number.isFinite), 0);
  return spec.marks.map((mark) => ({
    type: "line",
    silent: true,
    symbol: "circle", // without a symbol there is no label
    symbolSize: 1,
    tooltip: { show: false },
    data: [[mark.x, 0], { value: [mark.x, top * 0.07], label: { show: true, formatter: mark.label, color: tone.soft, position: "right", fontSize: 12 } }, [mark.x, top]],
    lineStyle: { color: tone.soft, width: 1, type: [2, 3] },
  }));
}

// Regions of a plane (the tiers): soft rectangles with their names in a corner.
function regions(spec, tone) {
  const all = spec.regions ?? [];
  if (!all.length) return [];
  const draw = (params, api) => {
    const [left, top] = api.coord([api.value(0), api.value(3)]);
    const [right, bottom] = api.coord([api.value(2), api.value(1)]);
    const shape = { x: left, y: top, width: right - left, height: bottom - top };
    const words = { type: "text", style: { text: all[params.dataIndex].label, x: left + 8, y: top + 8, fill: tone.soft, fontSize: 12 } };
    return { type: "group", children: [{ type: "rect", shape, style: { fill: tone.money, opacity: 0.05 + 0.05 * params.dataIndex } }, words] };
  };
  return [{ type: "custom", renderItem: draw, silent: true, clip: true, z: 0, encode: { x: [0, 2], y: [1, 3] }, data: all.map((r) => [r.x0, r.y0, r.x1, r.y1]) }];
}

const KINDS = { lines, bars, stacked: bars, across: bars, points };

function said(spec, series, index) {
  const write = writer(spec.share);
  const value = series.values[index];
  const ends = series.low[index] == null ? "" : `  ${write(series.low[index])} … ${write(series.high[index])}`;
  return `${series.name}  ${value == null ? "–" : write(value)}${ends}`;
}

function tooltip(spec) {
  if (spec.kind === "points") {
    return { trigger: "item", formatter: ({ name, value }) => `${name}\n${spec.xLabel} ${writer(spec.xShare)(value[0])}\n${spec.yLabel} ${writer(spec.share)(value[1])}` };
  }
  const names = spec.series.map((series) => series.name);
  const head = (index) => (typeof spec.x[index] === "string" ? spec.x[index] : `${spec.xLabel} ${writer(spec.xShare)(spec.x[index])}`);
  return {
    trigger: "axis",
    formatter: (found) => {
      const index = found.find(({ seriesName }) => names.includes(seriesName))?.dataIndex;
      return index === undefined ? "" : [head(index), ...spec.series.map((series) => said(spec, series, index))].join("\n");
    },
  };
}

export function optionOf(spec, tone) {
  const first = axis(spec, tone, { name: spec.xLabel, share: spec.xShare, names: isNamed(spec) && spec.kind !== "points" ? spec.x : null, isFirst: true });
  const second = axis(spec, tone, { name: spec.yLabel, share: spec.share, names: null, isFirst: false });
  const isAcross = spec.kind === "across";
  const folded = window.innerWidth < 600 ? { width: 132, overflow: "break", lineHeight: 14 } : {};
  const axisLabel = { ...first.axisLabel, ...folded };
  const sideways = { ...first, axisLabel, inverse: true, nameLocation: "start", nameGap: 12, splitLine: { show: false } };
  const option = {
    xAxis: isAcross ? { ...second, name: spec.yLabel, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: tone.soft, align: "center" } } : first,
    yAxis: isAcross ? sideways : second,
    grid: { left: 8, right: 24, top: spec.series.length > 1 ? 64 : 40, bottom: 36, containLabel: true },
    series: [...regions(spec, tone), ...KINDS[spec.kind](spec, tone), ...marks(spec, tone)],
    tooltip: { ...tooltip(spec), backgroundColor: tone.leaf, borderColor: tone.faint, textStyle: { color: tone.ink, fontSize: 12 } },
  };
  const names = spec.series.map((series) => series.name);
  if (names.length > 1) option.legend = { data: names, top: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: "roundRect", textStyle: { color: tone.ink } };
  return option;
}
