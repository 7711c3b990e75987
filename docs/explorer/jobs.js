/* What the page asks for, as a generator of portions: it can be left at any of them when a field has changed. */

const FRAMES = 4;
const MAP_COLUMNS = 11, MAP_ROWS = 9; // T0, t0
const MAP_LEVELS = [4, 2, 1]; // a coarse picture first

/** Places of the map on a logarithmic axis. */
function mapAxis(low, high, count) {
  return Array.from({length: count}, (_, k) => Number((low * Math.pow(high / low, k / (count - 1))).toPrecision(3)));
}

const MAP_HOT = mapAxis(1, 1000, MAP_COLUMNS), MAP_TIME = mapAxis(1, 200, MAP_ROWS);

/** The run that is shown: from the middle of the law of the start, at the alignment that the field says. */
function shownState(model, logRho) {
  if (model instanceof Sphere) return model.state([0, 0], logRho);
  return model.startAt(0, Math.SQRT2).state(logRho);
}

function* runParts(model, setting) {
  const state = shownState(model, Math.log(setting.alignment));
  const {end, time} = endOf(model, state);
  const span = Math.max(1.3 * time, 1.2 * Math.min(model.cooling.endTime, 4 * setting.t0), 3); // beyond the cooling
  const times = Array.from({length: 161}, (_, k) => span * k / 160);
  yield {kind: "run", end, time, points: runOf(model, state, times)};
}

/** Everything of a setting: parts {kind, ...}, or null where it has only gone on. */
function* everything(setting) {
  const wrong = faults(setting);
  if (Object.keys(wrong).length > 0) {
    yield {kind: "faults", faults: wrong};
    return;
  }
  const model = modelOf(setting);
  try {
    yield {kind: "threshold", value: centralThreshold(model, 1e-5)};
    yield* runParts(model, setting);
    const value = yield* probability(model);
    yield {kind: "probability", value};
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    yield {kind: "undecided", words: error.message};
  }
  yield* mapParts(setting);
  yield {kind: "done"};
}

function* mapParts(setting) {
  const done = new Set();
  for (const every of MAP_LEVELS) {
    for (let row = 0; row < MAP_ROWS; row += every) {
      for (let column = 0; column < MAP_COLUMNS; column += every) {
        if (done.has(row * MAP_COLUMNS + column)) continue;
        done.add(row * MAP_COLUMNS + column);
        const cell = modelOf({...setting, hot: MAP_HOT[column], t0: MAP_TIME[row]});
        let value = null;
        try {
          value = yield* probability(cell, 0, 1e-2);
        } catch (error) {
          if (!(error instanceof Undecided)) throw error;
        }
        yield {kind: "cell", row, column, value, size: every};
      }
    }
  }
}

/** Works on the latest request only, a few milliseconds at a time, so that a newer one is heard. */
class Desk {
  constructor(send) {
    this.send = send;
    this.work = null;
  }

  take(setting, id) {
    const idle = this.work === null;
    [this.work, this.id] = [everything(setting), id];
    if (idle) this.go();
  }

  go() {
    const until = performance.now() + 12;
    try {
      while (performance.now() < until) {
        const {value, done} = this.work.next();
        if (value) this.send({...value, id: this.id});
        if (done) {
          this.work = null;
          return;
        }
      }
    } catch (error) {
      this.work = null;
      this.send({kind: "broken", words: String(error), id: this.id});
      return;
    }
    setTimeout(() => this.go(), 0);
  }
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  const desk = new Desk((part) => self.postMessage(part));
  self.onmessage = ({data}) => desk.take(data.setting, data.id);
}
