/* Free means of equal weights, variance 1 (theory sections 1 to 5). A state is (s, log rho, log D); a start is
   ((m1 + m2)/2, log |Delta_perp|) and log rho. */

const EQUAL = 0.5; // weight of either component
const EDGES = 200, WIDTHS = 200; // scanned for boxes
const BOX_SHARES = [0.98, 0.7, 0.4, 0.15, 0.03, 0]; // of the highest temperature that has a box; a low one's is larger
const BOX_SAFETY = 1e-6;
const CLOSE = 1e-3; // to a split pair at rest, of its own size
const COLD = 1 + 1e-6; // temperatures at which that rest is where it is at T = 1
const REST_CLOCK = 2000; // in which an aligned pair comes to rest at T = 1

class FreeMeans {
  constructor(setting) {
    this.size = 3;
    this.name = "free means";
    this.setting = setting;
    this.separation = setting.separation;
    this.h = 0.5 * Math.log(setting.weight / (1 - setting.weight));
    this.cooling = new Cooling(setting.schedule, setting.hot, setting.t0, setting.objective,
      formulas.clock_pace(EQUAL, 1, 1));
    this.labels = FreeMeans.labels(this.separation);
    this.saddle = this.unstableZero();
    this.boxes = [...this.boxesOf(1), ...this.boxesOf(-1)];
    this.rest = Number.isNaN(this.saddle) ? this.splitRest() : null;
  }

  static labels(separation) {
    if (FreeMeans.kept?.r !== separation) FreeMeans.kept = new LabelTables(8 + 12 / separation).fix(separation);
    return FreeMeans.kept;
  }

  /** Whether every end can be told: the heavier mode has a box that no collapsed pair leaves, and split pairs are known
   * by the unstable zero of f between their overlaps or, where f has none, by coming to rest. */
  get decides() {
    return this.boxes.some((b) => b.side > 0) && (!Number.isNaN(this.saddle) || this.rest !== null);
  }

  /** Overlaps of the split pair at rest at T = 1, reached from an aligned pair; null where there is none. */
  splitRest() {
    const still = new Cooling("exponential", 1, 1, "tempered-target", 1);
    const cold = {size: 3, cooling: still, rates: (y, t, out) => this.rates(y, t, out),
      errorScales: (y, tolerance, out) => out.fill(tolerance)};
    const stepper = new Stepper(cold, 1e-8);
    stepper.begin([0, 10, Math.log(2)]);
    while (stepper.clock < REST_CLOCK && stepper.y[2] > -3) stepper.step(REST_CLOCK);
    const [m1, m2] = this.overlaps(stepper.y);
    return m1 > 0 && m2 < 0 && stepper.clock >= REST_CLOCK ? [m1, m2] : null;
  }

  drift(m) {
    return formulas.single_drift(m, this.separation, this.labels.psi(m + this.h));
  }

  /** The unstable zero of f(m) = R^2 psi(m) - m, NaN without one. */
  unstableZero() {
    const wide = this.separation ** 2;
    for (let k = 0; k < 999; k++) { // an odd number of steps: 0 is no point of the grid
      let low = wide * (2 * k / 999 - 1), high = wide * (2 * (k + 1) / 999 - 1);
      if (!(this.drift(low) < 0 && this.drift(high) >= 0)) continue;
      for (let again = 0; again < 60; again++) {
        const middle = 0.5 * (low + high);
        if (this.drift(middle) < 0) low = middle; else high = middle;
      }
      return 0.5 * (low + high);
    }
    return NaN;
  }

  /** Boxes (side, overlaps beyond `edge`, distance up to `width`, temperatures up to `top`) that no run leaves. */
  boxesOf(side) {
    const {separation, labels} = this, h = side * this.h, edges = [], tops = [];
    const span = separation ** 2 + 2 * Math.abs(h) + separation;
    const widths = Array.from({length: WIDTHS}, (_, k) => 1e-3 * Math.pow(12000, k / (WIDTHS - 1)));
    const overlaps = widths.map(overlapAt);
    let most = 0;
    for (let k = 1; k <= EDGES; k++) {
      const edge = -h + span * k / (EDGES + 1), slope = labels.slope(edge + h);
      const drift = formulas.single_drift(edge, separation, labels.psi(edge + h));
      if (!(edge > 0 && drift > 0 && formulas.single_drift_slope(separation, slope) < 0)) continue;
      let held = Infinity;
      edges.push(edge);
      tops.push(widths.map((width, i) => {
        held = Math.min(held, formulas.overlap_ceiling(width, separation, EQUAL, overlaps[i], drift));
        const shrinks = formulas.distance_ceiling(separation, EQUAL, slope, overlaps[i]);
        return Math.min(held, shrinks) * (1 - BOX_SAFETY);
      }));
      most = Math.max(most, ...tops[tops.length - 1]);
    }
    if (most <= 1) return [];
    const farthest = Math.max(...edges) + 1;
    return BOX_SHARES.map((share) => {
      let best = {size: -1};
      tops.forEach((row, i) => row.forEach((top, j) => {
        const size = widths[j] * (farthest - edges[i]);
        if (top >= 1 + share * (most - 1) && size > best.size) {
          best = {side, edge: edges[i], width: widths[j], top, size};
        }
      }));
      return best;
    });
  }

  overlaps(y) {
    const angle = y[1] > 0 ? formulas.angle_near_axis(y[1]) : formulas.angle_across_axis(y[1]);
    return formulas.reduced_overlaps(y[0], angle[0], Math.exp(y[2]), this.separation, EQUAL);
  }

  rates(y, temperature, out) {
    const angle = y[1] > 0 ? formulas.angle_near_axis(y[1]) : formulas.angle_across_axis(y[1]);
    const distance = Math.exp(y[2]);
    const [m1, m2] = formulas.reduced_overlaps(y[0], angle[0], distance, this.separation, EQUAL);
    const psi1 = this.labels.psi(m1 + this.h), psi2 = this.labels.psi(m2 + this.h);
    const slope = growthAt(m1, m2, this.h, this.separation, this.labels, psi1, psi2);
    const flow = formulas.reduced_log_flow(
      y[0], angle[1], this.separation, EQUAL, temperature, psi1, psi2, overlapAt(distance), slope);
    out[0] = flow[0];
    out[1] = flow[1];
    out[2] = flow[2];
  }

  /** Runs leave the unstable zero by a factor of s - s_u: near it that is what has to be right. */
  errorScales(y, tolerance, out) {
    const away = Number.isNaN(this.saddle) ? Infinity : Math.abs(y[0] - this.saddle);
    out[0] = tolerance * (Math.min(1 + Math.abs(y[0]), away) + 1e-5);
    out[1] = tolerance;
    out[2] = tolerance;
  }

  /** 1: split for certain, -1 and -2: collapsed for certain, 0: not yet; T is the highest temperature still to come. */
  fate(y, temperature) {
    const [m1, m2] = this.overlaps(y), low = Math.min(m1, m2), high = Math.max(m1, m2), distance = Math.exp(y[2]);
    if (low < this.saddle && high > this.saddle) return 1;
    for (const box of this.boxes) {
      if (distance > box.width || temperature > box.top) continue;
      if (box.side > 0 && low >= box.edge) return -1;
      if (box.side < 0 && high <= -box.edge) return -2;
    }
    return this.rest !== null && temperature <= COLD && this.rests(y, m1, m2, distance) ? 1 : 0;
  }

  rests(y, m1, m2, distance) {
    const across = this.separation * distance * Math.exp(-formulas.log_stretch(y[1]));
    const [first, second] = this.rest;
    return Math.abs(m1 - first) + Math.abs(m2 - second) + across < CLOSE * (Math.min(1, this.separation ** 2) + first - second);
  }

  state([centre, logLength], logRho) {
    const logDistance = logLength + formulas.log_stretch(logRho);
    return [formulas.run_start(logRho, logDistance, 1, centre, this.separation, EQUAL), logRho, logDistance];
  }

  /** A start of given distance, as thresholds are told for. */
  startAt(centre, distance) {
    return {state: (x) => [formulas.run_start(x, Math.log(distance), 1, centre, this.separation, EQUAL), x,
      Math.log(distance)]};
  }

  /** Overlaps, places (along the axis, across it) of both means, and their variance. */
  picture(y) {
    const [m1, m2, , across] = formulas.run_places(y[0], y[1], y[2], 1, this.separation, EQUAL);
    const along = [m1 / this.separation, m2 / this.separation];
    return {m1, m2, variance: 1, places: [[along[0], across * EQUAL], [along[1], -across * EQUAL]]};
  }

  /** Rules over the start: lengths across the axis, and for each the centres and what a threshold is worth there. */
  law(fineness) {
    const dim = this.setting.dim, scale = Math.sqrt(1 / dim), half = 0.5 * (dim - 1);
    const typical = Math.exp(formulas.log_typical_length(dim, scale)), unit = Math.SQRT2 * scale;
    const density = (length) =>
      Math.exp(formulas.log_length_density(half, 0, Math.log(length / typical))) / length;
    const low = unit * Math.max(1e-3, Math.sqrt(dim - 1) - 3.4), high = unit * (Math.sqrt(dim - 1) + 3.4);
    const lengths = lawRule(low, high, density, dim < 10 ? 5 + fineness : 3 + fineness);
    const spread = this.separation * scale / Math.SQRT2, far = 4.8 * spread;
    const centres = ruleAround(-far, far, this.saddle, 8 + 2 * fineness);
    const parts = normalised(centres.map(([s, w]) => [s, w * Math.exp(formulas.normal_exponent(s, spread ** 2))]));
    return lengths.map(([length, weight]) => ({
      weight,
      rows: () => parts.map(([s, share]) => ({
        share, start: [s, Math.log(length)], worth: (x) => erf(Math.exp(x) * length / (2 * scale)),
      })),
    }));
  }
}
