/* Drawings of given numbers, as SVG and on canvases, in the colours of the style sheet. */

const SVG = "http://www.w3.org/2000/svg";

function made(name, attributes, text) {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (text !== undefined) one.textContent = text;
  return one;
}

/** Round numbers between two ends. */
function ticks(low, high, about = 5) {
  const raw = (high - low) / about, power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw);
  const found = [];
  for (let x = Math.ceil(low / step - 1e-9) * step; x <= high + 1e-9 * step; x += step) found.push(Number(x.toPrecision(6)));
  return found;
}

function logTicks(low, high) {
  const found = [];
  for (let k = Math.ceil(Math.log10(low) - 1e-9); Math.pow(10, k) <= high * (1 + 1e-9); k++) found.push(Math.pow(10, k));
  return found.length > 1 ? found : [low, high];
}

const short = (x) => String(Number(x.toPrecision(3)));

/** Lines over time: `lines` are {points: [[x, y], ...], style, label}. */
function drawLines(svg, {lines, xLabel, yLabel, low, high, logarithmic, flat}) {
  const wide = 560, tall = 210, left = 52, right = 92, top = 12, bottom = 40;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
  const first = Math.min(...lines.map((l) => l.points[0][0]));
  const last = Math.max(...lines.map((l) => l.points[l.points.length - 1][0]));
  const scaled = (y) => (logarithmic ? Math.log10(y) : y);
  const x = (value) => left + (wide - left - right) * (value - first) / (last - first);
  const y = (value) => tall - bottom - (tall - top - bottom) * (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
  for (const value of logarithmic ? logTicks(low, high) : ticks(low, high, 4)) {
    svg.append(made("line", {x1: left, x2: wide - right, y1: y(value), y2: y(value), class: "grid"}));
    svg.append(made("text", {x: left - 6, y: y(value) + 4, class: "tick end"}, short(value)));
  }
  for (const value of ticks(first, last)) {
    svg.append(made("text", {x: x(value), y: tall - bottom + 16, class: "tick middle"}, short(value)));
  }
  svg.append(made("text", {x: (left + wide - right) / 2, y: tall - 5, class: "axis middle"}, xLabel));
  svg.append(made("text", {x: 13, y: (top + tall - bottom) / 2, class: "axis middle",
    transform: `rotate(-90 13 ${(top + tall - bottom) / 2})`}, yLabel));
  for (const [value, words] of flat || []) {
    svg.append(made("line", {x1: left, x2: wide - right, y1: y(value), y2: y(value), class: "mode"}));
    svg.append(made("text", {x: wide - right + 6, y: y(value) + 4, class: "tick"}, words));
  }
  const taken = (flat || []).map(([value]) => y(value));
  for (const {points, style, label} of lines) {
    const path = points.map(([a, b], k) => `${k ? "L" : "M"}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("");
    svg.append(made("path", {d: path, class: `line ${style}`}));
    let place = y(points[points.length - 1][1]);
    while (taken.some((other) => Math.abs(other - place) < 13)) place += place > tall / 2 ? -13 : 13;
    taken.push(place);
    svg.append(made("text", {x: wide - right + 6, y: place + 4, class: `label ${style}`}, label));
  }
}

/** A run in the plane of both overlaps: `points` are {m1, m2} in the order of time, `mode` is R^2. */
function drawPlane(svg, points, mode) {
  const size = 300, left = 52, top = 10, reach = 1.12 * Math.max(mode, ...points.flatMap((p) => [Math.abs(p.m1), Math.abs(p.m2)]));
  const x = (value) => left + size * (value + reach) / (2 * reach), y = (value) => top + size * (reach - value) / (2 * reach);
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${left + size + 10} ${top + size + 42}`);
  svg.append(made("rect", {x: left, y: top, width: size, height: size, class: "frame"}));
  for (const value of ticks(-reach, reach)) {
    svg.append(made("text", {x: left - 6, y: y(value) + 4, class: "tick end"}, short(value)));
    svg.append(made("text", {x: x(value), y: top + size + 16, class: "tick middle"}, short(value)));
  }
  for (const value of [mode, -mode]) {
    svg.append(made("line", {x1: left, x2: left + size, y1: y(value), y2: y(value), class: "mode"}));
    svg.append(made("line", {x1: x(value), x2: x(value), y1: top, y2: top + size, class: "mode"}));
  }
  const path = points.map((p, k) => `${k ? "L" : "M"}${x(p.m1).toFixed(1)} ${y(p.m2).toFixed(1)}`).join("");
  svg.append(made("path", {d: path, class: "line one"}));
  const last = points[points.length - 1];
  svg.append(made("circle", {cx: x(points[0].m1), cy: y(points[0].m2), r: 4, class: "start"}));
  svg.append(made("circle", {cx: x(last.m1), cy: y(last.m2), r: 6, class: "end-point"}));
  svg.append(made("text", {x: x(points[0].m1) - 8, y: y(points[0].m2) + 16, class: "tick end"}, "start"));
  svg.append(made("text", {x: left + size / 2, y: top + size + 34, class: "axis middle"}, "overlap m1"));
  svg.append(made("text", {x: 14, y: top + size / 2, class: "axis middle", transform: `rotate(-90 14 ${top + size / 2})`}, "overlap m2"));
}

function colourOf(name) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16));
}

/** The density of the pair, filled, with contours of the target's, in the plane of the axis. */
function drawDensity(canvas, point, setting) {
  const size = 150, reach = setting.separation + 3.2, context = canvas.getContext("2d");
  canvas.width = canvas.height = size;
  const image = context.createImageData(size, size);
  const paper = colourOf("--paper"), ink = colourOf("--pair"), target = colourOf("--muted");
  const modes = [[setting.separation, setting.weight], [-setting.separation, 1 - setting.weight]];
  const normal = (x, y, v) => Math.exp(-(x * x + y * y) / (2 * v)) / v;
  const value = new Float64Array(size * size), p = new Float64Array(size * size);
  let most = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const k = row * size + column, x = reach * (2 * (column + 0.5) / size - 1), y = reach * (1 - 2 * (row + 0.5) / size);
      value[k] = 0.5 * point.places.reduce((sum, [a, b]) => sum + normal(x - a, y - b, point.variance), 0);
      p[k] = modes.reduce((sum, [place, share]) => sum + share * normal(x - place, y, 1), 0);
      most = Math.max(most, value[k]);
    }
  }
  for (let k = 0; k < size * size; k++) {
    const shade = Math.pow(value[k] / most, 0.7);
    const line = [0.02, 0.1, 0.3].some((level) => (p[k] > level) !== (p[k + 1] > level) || (p[k] > level) !== (p[k + size] > level));
    for (let c = 0; c < 3; c++) {
      image.data[4 * k + c] = line ? target[c] : paper[c] + (ink[c] - paper[c]) * shade;
    }
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Colour of a probability, one hue, light to dark (dark to light in dark mode), and of a number on it. */
function shadesOf(value) {
  const low = colourOf("--map-low"), high = colourOf("--map-high");
  const shade = low.map((c, k) => Math.round(c + (high[k] - c) * value));
  const linear = shade.map((c) => (c / 255) ** 2.2); // black and white stand out alike at a luminance of 0.18
  const bright = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18;
  return [`rgb(${shade.join(" ")})`, bright ? "#000000" : "#ffffff"];
}

/** The map: rows of t0, columns of T0; cells hold null until they are known. */
function drawMap(svg, cells, chosen, here) {
  const left = 66, top = 6, wide = 46, tall = 26, bottom = 42;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${left + MAP_COLUMNS * wide + 6} ${top + MAP_ROWS * tall + bottom}`);
  for (let row = 0; row < MAP_ROWS; row++) {
    const y = top + (MAP_ROWS - 1 - row) * tall;
    svg.append(made("text", {x: left - 5, y: y + tall / 2 + 4, class: "tick end"}, short(MAP_TIME[row])));
    for (let column = 0; column < MAP_COLUMNS; column++) {
      const value = cells[row][column], x = left + column * wide, known = typeof value === "number";
      const box = made("rect", {x, y, width: wide - 1, height: tall - 1, class: "cell", "data-row": row, "data-column": column});
      const words = known ? value.toFixed(2) : value === undefined ? "" : "none";
      const number = made("text", {x: x + wide / 2, y: y + tall / 2 + 4, class: "number"}, words);
      if (known) [box.style.fill, number.style.fill] = shadesOf(value);
      svg.append(box, number);
    }
  }
  const frame = (row, column, style) => made("rect", {x: left + column * wide, y: top + (MAP_ROWS - 1 - row) * tall,
    width: wide - 1, height: tall - 1, class: style});
  if (here) svg.append(frame(here.row, here.column, "here"));
  if (chosen) svg.append(frame(chosen.row, chosen.column, "chosen"));
  for (let column = 0; column < MAP_COLUMNS; column++) {
    svg.append(made("text", {x: left + (column + 0.5) * wide, y: top + MAP_ROWS * tall + 15, class: "tick middle"},
      short(MAP_HOT[column])));
  }
  svg.append(made("text", {x: left + MAP_COLUMNS * wide / 2, y: top + MAP_ROWS * tall + 34, class: "axis middle"},
    "initial temperature T0"));
  const middle = top + MAP_ROWS * tall / 2;
  svg.append(made("text", {x: 15, y: middle, class: "axis middle", transform: `rotate(-90 15 ${middle})`}, "cooling time t0"));
}
