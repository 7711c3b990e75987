/* The paper's setting: means on the sphere |mu_i| = R, trained common variance by its law in d dimensions, equal
   weights (theory section 11).
   A state is (log x, m1 + m2, mu_1 . mu_2/R^2, log v); a start is (y, c) and log rho. */

const BANDS = [0.05, 0.1, 0.2, 0.4]; // of log v, at the end: the first that the variance is sure to stay in
const BAND_STEP = 0.025; // between variances at which a side is looked at
const SIDE_EDGES = 49, COSINES = 400, DISTANCES = 257, SIDE_SAFETY = 1e-3;
const NOWHERE = -1e8; // log rho of a pair across the axis

class Sphere {
  constructor(setting) {
    this.size = 4;
    this.name = "means on the sphere";
    this.setting = setting;
    this.separation = setting.separation;
    this.h = 0.5 * Math.log(setting.weight / (1 - setting.weight));
    this.cooling = new Cooling(setting.schedule, setting.hot, setting.t0, setting.objective, 1);
    this.labels = Sphere.tables(this.separation, Math.abs(this.h));
    Object.assign(this, this.held());
  }

  /** The sides {side, edge, top} on which pairs stay collapsed, and the band of log v: the same for all schedules. */
  held() {
    const key = [this.separation, this.h, this.setting.dim].join();
    if (Sphere.known?.key === key) return Sphere.known;
    Sphere.known = {key, band: 0, boxes: []};
    for (const band of BANDS) {
      const boxes = [...this.side(1, band), ...this.side(-1, band)];
      if (!bothSides(boxes)) continue;
      Sphere.known = {key, band, boxes};
      break;
    }
    return Sphere.known;
  }

  static tables(separation, bias) {
    const reach = separation + bias / separation + 0.5;
    if (Sphere.kept?.separation !== separation || Sphere.kept.tables.reach < reach) {
      Sphere.kept = {separation, tables: new LabelTables(reach)};
    }
    return Sphere.kept.tables;
  }

  /** Whether pairs at either mode are sure to stay at T = 1. */
  get decides() {
    return bothSides(this.boxes);
  }

  /** Overlaps from which no mean returns at temperatures up to `top`, whatever the pair, while log v is in the band. */
  side(side, band) {
    const {separation, labels} = this, h = side * this.h;
    const cosines = Array.from({length: COSINES}, (_, k) => Math.cos(1e-3 + (Math.PI - 2e-3) * k / (COSINES - 1)));
    const tops = new Float64Array(SIDE_EDGES).fill(Infinity);
    const edges = Array.from(tops, (_, k) => separation ** 2 * (0.02 + 0.96 * k / (SIDE_EDGES - 1)));
    const parts = Math.round(band / BAND_STEP);
    for (let part = -parts; part <= parts; part++) {
      const variance = Math.exp(band * part / parts), width = Math.sqrt(variance);
      const overlaps = cosines.map((c) => overlapAt(separation * Math.sqrt(2 * (1 - c)) / width));
      labels.move(separation * width);
      edges.forEach((edge, i) => {
        const pull = labels.psi(edge + h);
        cosines.forEach((c, k) => {
          const top = formulas.sphere_trapping_ceiling(edge, c, separation, 0.5, variance, pull, overlaps[k]);
          if (top < tops[i]) tops[i] = top;
        });
      });
    }
    return edges.map((edge, i) => (
      {side, edge, top: Math.min(tops[i] * (1 - SIDE_SAFETY), this.warmest(edge, edge + h, band))}
    )).filter(({top}) => top >= 1);
  }

  /** Temperature up to which no pair beyond an edge drives log v out of the band; 0 where some do at T = 1.

      At the upper end the push can only help, and psi' is largest at the edge; at the lower one psi' can only help, and
      two means beyond the edge are no farther apart than the chord across the axis there. */
  warmest(edge, place, band) {
    const {separation, labels} = this, {dim} = this.setting, upper = Math.exp(band), lower = Math.exp(-band);
    if (!(place > 0)) return 0;
    const widest = 2 * separation * Math.sqrt(Math.max(1 - (edge / separation ** 2) ** 2, 0));
    let lowest = 0;
    for (let k = 0; k < DISTANCES; k++) {
      const distance = widest * k / (DISTANCES - 1), overlap = overlapAt(distance / Math.sqrt(lower));
      lowest = Math.min(lowest, formulas.variance_bend(distance, separation, lower, 1, 0, 0, overlap));
    }
    if (formulas.common_variance_growth(dim, lower, lowest * (1 + SIDE_SAFETY), 1) < 0) return 0; // heat helps it
    const prime = labels.move(separation * Math.sqrt(upper)).slope(place);
    const highest = formulas.variance_bend(0, separation, upper, 1, prime, prime, 0) * (1 + SIDE_SAFETY);
    return -upper * formulas.common_variance_growth(dim, upper, highest, 0); // T/v is all that heat adds there
  }

  rates(y, temperature, out) {
    const variance = Math.exp(y[3]), x = Math.exp(y[0]), c = Math.min(y[2], 1);
    if (!(variance > 0.5 && variance < 4 * this.setting.hot)) { // a trial step that went too far is made again
      out.fill(NaN);
      return;
    }
    const [m1, m2, distance] = formulas.sphere_overlaps(x, y[1], c, this.separation);
    const labels = this.labels.move(this.separation * Math.sqrt(variance));
    const psi1 = labels.psi(m1 + this.h), psi2 = labels.psi(m2 + this.h);
    const slope = growthAt(m1, m2, this.h, this.separation, labels, psi1, psi2);
    const overlap = overlapAt(2 * Math.sqrt(formulas.overlap_argument(distance, variance)[0]));
    const flow = formulas.sphere_pair_flow(
      x, y[1], y[2], this.separation, variance, temperature, psi1, psi2, overlap, slope);
    out[0] = flow[0];
    out[1] = flow[1];
    out[2] = flow[2];
    const bend = formulas.variance_bend(distance, this.separation, variance, temperature,
      labels.slope(m1 + this.h), labels.slope(m2 + this.h), overlap);
    out[3] = formulas.common_variance_growth(this.setting.dim, variance, bend, temperature);
  }

  errorScales(y, tolerance, out) {
    out[0] = tolerance * Math.max(1, -1e-6 * y[0]);
    out[1] = tolerance * Math.min(1 + this.separation ** 2, Math.abs(y[1]) + 0.1);
    out[2] = tolerance * Math.min(Math.max(1 - y[2], 0), 1) + 1e-12;
    out[3] = tolerance;
  }

  fate(y, temperature) {
    const [m1, m2] = formulas.sphere_overlaps(Math.exp(y[0]), y[1], Math.min(y[2], 1), this.separation);
    const low = Math.min(m1, m2), high = Math.max(m1, m2), edge = Math.abs(this.h);
    if (low <= -edge && high >= edge && low < high) return 1;
    if (Math.abs(y[3]) > this.band) return 0;
    for (const box of this.boxes) {
      if (temperature > box.top) continue;
      if (box.side > 0 && low >= box.edge) return -1;
      if (box.side < 0 && high <= -box.edge) return -2;
    }
    return 0;
  }

  state([y, c], logRho) {
    return [...formulas.sphere_start(logRho, y, c, this.separation), c, Math.log(this.setting.hot)];
  }

  startAt(y, c) {
    return {state: (x) => this.state([y, c], x)};
  }

  /** Places along the axis and along the pair's difference across it, to which the plane is turned. */
  picture(y) {
    const [m1, m2] = formulas.sphere_overlaps(Math.exp(y[0]), y[1], Math.min(y[2], 1), this.separation);
    const radius = this.separation, along = [m1 / radius, m2 / radius], square = radius ** 2;
    const a11 = square - along[0] ** 2, a22 = square - along[1] ** 2, a12 = square * y[2] - along[0] * along[1];
    const length = Math.sqrt(Math.max(a11 + a22 - 2 * a12, 1e-12));
    return {m1, m2, variance: Math.exp(y[3]),
      places: [[along[0], (a11 - a12) / length], [along[1], (a12 - a22) / length]]};
  }

  /** The cosine of the sum at which a pair across the axis changes its mode; an end where there is none. */
  balance(c, widest, stepper) {
    let low = -widest, high = widest;
    const heavy = (y) => stepper.verdict(this.state([y, c], NOWHERE)) !== -2;
    if (heavy(low)) return low;
    if (!heavy(high)) return high;
    while (high - low > 1e-4 * widest) {
      const middle = low + 0.487 * (high - low); // not the saddle of a symmetric target
      if (heavy(middle)) high = middle; else low = middle;
    }
    return 0.5 * (low + high);
  }

  law(fineness, stepper) {
    const dim = this.setting.dim, half = 0.5 * (dim - 1), reach = Math.min(0.5 * Math.PI, 4.6 / Math.sqrt(dim - 1));
    const density = (angle) =>
      Math.exp(formulas.log_cosine_density(Math.cos(angle), half, 0)) * Math.sin(angle);
    const middle = 0.5 * Math.PI, widest = Math.sin(reach) * (1 - 1e-9);
    const few = dim < 10; // a law that is wide: thresholds bend over it
    return lawRule(middle - reach, middle + reach, density, few ? 6 + 2 * fineness : 3 + fineness).map(([angle, weight]) => ({
      weight,
      rows: () => {
        const c = Math.cos(angle), turn = Math.acos(this.balance(c, widest, stepper));
        const sides = ruleAround(middle - reach, middle + reach, turn, 8 + (few ? 4 : 2) * fineness);
        return normalised(sides.map(([a, w]) => [a, w * density(a)])).map(([a, share]) => ({
          share, start: [Math.cos(a), c],
          worth: (x) => (x === Infinity ? 1
            : betaShare(formulas.angle_of_cotangent(Math.exp(2 * x))[0], 0.5, 0.5 * (dim - 2))),
        }));
      },
    }));
  }
}

/** Whether pairs at either mode are sure to stay. */
function bothSides(boxes) {
  return boxes.some((b) => b.side > 0) && boxes.some((b) => b.side < 0);
}
