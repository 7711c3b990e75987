/* The page: fields to a setting, a worker that computes, and what it says to the drawings. */

const by = (id) => document.getElementById(id);
let setting = {...START}, request = 0, worker = null, desk = null, last = {}, cells = emptyMap(), chosen = null;

function emptyMap() {
  return Array.from({length: MAP_ROWS}, () => Array(MAP_COLUMNS).fill(undefined));
}

function makeFields() {
  for (const field of FIELDS) {
    const box = document.createElement("div");
    box.className = "field";
    box.innerHTML = `<label for="${field.name}"></label><span class="unit" id="${field.name}-unit"></span>
      <div class="pair"><input type="range" id="${field.name}-slider" min="0" max="1000" aria-describedby="${field.name}-unit">
      <input type="number" id="${field.name}" step="any" inputmode="decimal"
        aria-describedby="${field.name}-unit ${field.name}-fault"></div>
      <p class="fault" id="${field.name}-fault" role="alert"></p>`;
    box.querySelector("label").textContent = field.label;
    box.querySelector(".unit").textContent = `${field.unit}; ${field.from}`;
    by("fields").append(box);
    const slider = by(`${field.name}-slider`), number = by(field.name);
    slider.setAttribute("aria-label", `${field.label}, slider`);
    slider.addEventListener("input", () => {
      number.value = placed(field, slider.value / 1000);
      read(field, slider);
    });
    number.addEventListener("input", () => read(field, number));
  }
  for (const name of Object.keys(CHOICES)) by(name).addEventListener("change", () => {
    if (name === "model") setting = {...(by(name).value === "sphere" ? PAPER : START)};
    setting[name] = by(name).value;
    show();
    ask();
  });
}

/** The value at a place of a slider from 0 to 1, and back. */
function placed(field, place) {
  const value = field.log ? field.low * Math.pow(field.high / field.low, place) : field.low + (field.high - field.low) * place;
  if (field.whole) return Math.round(value);
  return field.step ? Number((Math.round(value / field.step) * field.step).toFixed(4)) : Number(value.toPrecision(3));
}

function placeOf(field, value) {
  return field.log ? Math.log(value / field.low) / Math.log(field.high / field.low) : (value - field.low) / (field.high - field.low);
}

function read(field, from) {
  setting[field.name] = by(field.name).value === "" ? NaN : Number(by(field.name).value);
  slide(field, from);
  ask();
}

function slide(field, from) {
  const slider = by(`${field.name}-slider`), value = setting[field.name];
  if (from !== slider && Number.isFinite(value)) slider.value = Math.round(1000 * Math.min(Math.max(placeOf(field, value), 0), 1));
  slider.setAttribute("aria-valuetext", `${value} ${field.unit}`);
}

/** The fields as the setting has them. */
function show() {
  for (const field of FIELDS) {
    by(field.name).value = setting[field.name];
    slide(field, null);
  }
  for (const name of Object.keys(CHOICES)) by(name).value = setting[name];
}

/** Asks for everything of the setting; what is still on its way for an earlier one is dropped. */
function ask() {
  request += 1;
  last = {};
  cells = emptyMap();
  chosen = null;
  tellFaults({});
  by("threshold").classList.remove("words");
  by("probability").textContent = "…";
  by("threshold").textContent = "…";
  by("progress").textContent = "computing";
  by("whose").textContent = MODEL_WORDS[setting.model];
  by("map-whose").textContent = MODEL_WORDS[setting.model];
  drawMap(by("map"), cells, null, cellHere());
  const message = {setting: {...setting}, id: request};
  if (worker) worker.postMessage(message);
  else desk.take(message.setting, message.id);
}

function tellFaults(found) {
  for (const field of FIELDS) {
    by(`${field.name}-fault`).textContent = found[field.name] ? `${field.label} ${found[field.name]}` : "";
    by(field.name).setAttribute("aria-invalid", String(Boolean(found[field.name])));
  }
}

const heard = {
  faults(part) {
    tellFaults(part.faults);
    noNumber("no number: a field is outside its domain");
  },
  undecided(part) {
    noNumber(`no number: ${part.words}`);
  },
  broken(part) {
    noNumber(`no number: the computation failed (${part.words})`);
  },
  threshold({value}) {
    by("threshold").textContent = value === Infinity ? "none: even aligned pairs collapse"
      : value === 0 ? "below 1e-26: hardly any pair collapses" : value.toPrecision(4);
    by("threshold").classList.toggle("words", value === 0 || value === Infinity);
    by("threshold-words").textContent = setting.model === "sphere"
      ? "threshold x_c: pairs collapse whose difference makes a smaller cosine with the axis (start at right angles, y = c = 0)"
      : "threshold rho_c: pairs collapse whose difference makes a smaller cotangent with the axis (centred start, distance √2)";
  },
  probability({value}) {
    by("probability").textContent = value.toFixed(3);
    by("spoken").textContent = `Probability of collapse ${value.toFixed(3)}, ${MODEL_WORDS[setting.model]}`;
  },
  run(part) {
    last.run = part;
    drawRun();
  },
  cell({row, column, value, size}) {
    for (let r = row; r < Math.min(row + size, MAP_ROWS); r++) {
      for (let c = column; c < Math.min(column + size, MAP_COLUMNS); c++) cells[r][c] = r === row && c === column ? value : cells[r][c];
    }
    drawMap(by("map"), cells, chosen, cellHere());
    const known = cells.flat().filter((one) => one !== undefined).length;
    by("progress").textContent = `${known} of ${MAP_ROWS * MAP_COLUMNS} cells`;
  },
  done() {
    by("progress").textContent = `all ${MAP_ROWS * MAP_COLUMNS} cells`;
  },
};

function noNumber(words) {
  last = {};
  for (const id of ["probability", "threshold"]) by(id).textContent = "–";
  by("spoken").textContent = words;
  by("progress").textContent = words;
  by("run-words").textContent = words;
  for (const id of ["overlaps", "temperature", "plane"]) by(id).replaceChildren();
  by("frames").replaceChildren();
}

function drawRun() {
  const {points, end, time} = last.run, square = setting.separation ** 2;
  const column = (of) => points.map((p) => [p.time, of(p)]);
  const values = points.flatMap((p) => [p.m1, p.m2]).concat([square, -square]);
  drawLines(by("overlaps"), {
    lines: [{points: column((p) => p.m1), style: "one", label: "m1"}, {points: column((p) => p.m2), style: "two", label: "m2"}],
    xLabel: "time of the gradient flow", yLabel: "overlaps", low: Math.min(...values) * 1.05, high: Math.max(...values) * 1.05,
    flat: [[square, "heavy"], [-square, "light"]],
  });
  const lines = [{points: column((p) => p.temperature), style: "one", label: "T"}];
  if (setting.model === "sphere") lines.push({points: column((p) => p.variance), style: "two", label: "variance"});
  const hottest = Math.max(2, ...lines.flatMap((l) => l.points.map((p) => p[1])));
  drawLines(by("temperature"), {lines, xLabel: "time of the gradient flow", yLabel: "temperature", low: hottest > 20 ? 1 : 0, high: hottest * 1.05,
    logarithmic: hottest > 20});
  const ended = {1: "split, one mean at either mode", "-1": "collapsed at the heavier mode", "-2": "collapsed at the lighter mode"}[end];
  const since = time < 1e-6 ? "the beginning" : `time ${short(time)}`;
  const words = `This start ends ${ended}; that is certain from ${since} on. Model: ${MODEL_WORDS[setting.model]}.`;
  by("run-words").textContent = words;
  by("overlaps").setAttribute("aria-label", `Overlaps m1 and m2 of both means with the axis against time. ${words}`);
  by("temperature").setAttribute("aria-label", `Temperature against time, from ${setting.hot} to 1`);
  drawPlane(by("plane"), points, square);
  by("plane").setAttribute("aria-label", `The run in the plane of both overlaps. ${words}`);
  drawFrames(points);
}

function drawFrames(points) {
  by("frames").replaceChildren();
  const shown = Array.from({length: FRAMES}, (_, k) => points[Math.round((points.length - 1) * (k / (FRAMES - 1)) ** 1.5)]);
  for (const point of shown) {
    const figure = document.createElement("figure"), canvas = document.createElement("canvas"), words = document.createElement("figcaption");
    words.textContent = `time ${short(point.time)}, T = ${short(point.temperature)}`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Density of the pair over the target at ${words.textContent}: the means lie at `
      + `${point.places.map(([a]) => short(a)).join(" and ")} along the axis; the modes at ${setting.separation} and -${setting.separation}`);
    figure.append(canvas, words);
    by("frames").append(figure);
    drawDensity(canvas, point, setting);
  }
}

/** The cell of the map that is nearest to the fields. */
function cellHere() {
  const nearest = (axis, value) => axis.reduce((best, one, k) =>
    (Math.abs(Math.log(one / value)) < Math.abs(Math.log(axis[best] / value)) ? k : best), 0);
  return setting.hot > 0 && setting.t0 > 0 ? {row: nearest(MAP_TIME, setting.t0), column: nearest(MAP_HOT, setting.hot)} : null;
}

function choose(row, column) {
  chosen = {row: Math.min(Math.max(row, 0), MAP_ROWS - 1), column: Math.min(Math.max(column, 0), MAP_COLUMNS - 1)};
  const value = cells[chosen.row][chosen.column];
  by("cell-words").textContent = `T0 = ${MAP_HOT[chosen.column]}, t0 = ${MAP_TIME[chosen.row]}: `
    + (typeof value === "number" ? `P = ${value.toFixed(2)}` : value === null ? "no number" : "not yet computed");
  drawMap(by("map"), cells, chosen, cellHere());
}

function takeCell() {
  if (!chosen) return;
  [setting.hot, setting.t0] = [MAP_HOT[chosen.column], MAP_TIME[chosen.row]];
  show();
  ask();
}

function makeMap() {
  const moves = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0]};
  by("map").addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") takeCell();
    else if (moves[event.key]) {
      const from = chosen || cellHere() || {row: 0, column: 0};
      choose(from.row + moves[event.key][0], from.column + moves[event.key][1]);
    } else return;
    event.preventDefault();
  });
  by("map").addEventListener("click", (event) => {
    const {row, column} = event.target.dataset;
    if (row === undefined) return;
    choose(Number(row), Number(column));
    takeCell();
  });
}

function begin() {
  const hear = (part) => { if (part.id === request) heard[part.kind](part); };
  try {
    worker = new Worker(URL.createObjectURL(new Blob([by("mathematics").textContent], {type: "text/javascript"})));
    worker.onmessage = ({data}) => hear(data);
  } catch {
    desk = new Desk(hear); // a browser that allows no worker here: the page computes between its events
  }
  makeFields();
  makeMap();
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (last.run) drawRun();
    drawMap(by("map"), cells, chosen, cellHere());
  });
  ask();
}

begin();
