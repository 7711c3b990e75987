/* The averages of theory section 2 by the trapezoidal rule in z, which converges geometrically, as tables.

   psi(m) = E tanh(m + h + R sqrt(v) z),  G(D) = e^(-D^2/8) E sech(D z/2) / 4 for equal weights;  z standard normal. */

const LOST = 23; // the rules leave e^-23 = 1e-10
const REACH = 6.8; // in standard deviations, where the normal density is 1e-10 of its peak
const PLACE_STEP = 0.05; // of tables of psi, in units of r = R sqrt(v)
const DISTANCE_STEP = 0.05;
const LOG_RADIUS_STEP = 0.08; // between tables of psi for several variances
const FARTHEST = 24; // of tables of G; e^(-D^2/8) is 6e-32 there

/** Third-order interpolation from values and slopes at both ends of a step, u in [0, 1]. */
function hermite(values, slopes, k, u, step) {
  const rest = 1 - u;
  return rest * rest * ((1 + 2 * u) * values[k] + u * step * slopes[k])
    + u * u * ((1 + 2 * rest) * values[k + 1] - rest * step * slopes[k + 1]);
}

/** psi, psi' and psi'' at a = b r, b = 0, 0.05, ... up to `reach`, of components that are r wide along the axis. */
function labelRow(r, reach) {
  const parts = Math.max(1, Math.ceil(PLACE_STEP * r * LOST / (Math.PI * Math.PI))); // poles at |Im r z| = pi/2
  const step = PLACE_STEP / parts, side = Math.ceil(REACH / step), count = Math.ceil(reach / PLACE_STEP) + 2;
  const length = count * parts + 2 * side;
  const tanh = new Float64Array(length), weights = new Float64Array(2 * side + 1);
  for (let k = 0; k < length; k++) tanh[k] = Math.tanh(r * step * (k - side)); // places and nodes share one lattice
  for (let k = 0; k <= 2 * side; k++) {
    weights[k] = step / Math.sqrt(2 * Math.PI) * Math.exp(-0.5 * (step * (k - side)) ** 2);
  }
  const row = {value: new Float64Array(count), slope: new Float64Array(count), bend: new Float64Array(count)};
  for (let j = 0; j < count; j++) {
    let value = 0, slope = 0, bend = 0;
    for (let k = 0; k <= 2 * side; k++) {
      const y = tanh[j * parts + k], w = weights[k], square = 1 - y * y;
      value += w * y;
      slope += w * square;
      bend -= 2 * w * y * square;
    }
    row.value[j] = value;
    row.slope[j] = slope * r; // slopes by b, as the interpolation takes them
    row.bend[j] = bend * r * r;
  }
  return row;
}

/** psi and psi' at a = m + h, of components of any variance: rows by log r, made when they are first asked for. */
class LabelTables {
  constructor(reach) {
    this.reach = reach;
    this.made = new Map();
    this.rows = [];
    this.shares = [0, 0, 0, 0];
    this.r = 0;
  }

  row(index) {
    if (!this.made.has(index)) this.made.set(index, labelRow(Math.exp(index * LOG_RADIUS_STEP), this.reach));
    return this.made.get(index);
  }

  /** Takes components of one width only, exactly. */
  fix(r) {
    [this.r, this.rows, this.shares, this.first] = [r, [labelRow(r, this.reach)], [1], null];
    return this;
  }

  /** Goes to r = R sqrt(v): four rows around it, third order in log r. */
  move(r) {
    if (r === this.r) return this;
    const place = Math.log(r) / LOG_RADIUS_STEP, first = Math.floor(place) - 1, u = place - first - 1;
    if (first !== this.first) {
      this.rows = [0, 1, 2, 3].map((k) => this.row(first + k));
      this.first = first;
    }
    this.shares[0] = -u * (u - 1) * (u - 2) / 6;
    this.shares[1] = (u + 1) * (u - 1) * (u - 2) / 2;
    this.shares[2] = -(u + 1) * u * (u - 2) / 2;
    this.shares[3] = (u + 1) * u * (u - 1) / 6;
    this.r = r;
    return this;
  }

  psi(a) {
    const b = Math.abs(a) / this.r / PLACE_STEP, k = Math.floor(b), rows = this.rows;
    if (!(k < rows[0].value.length - 1)) return Math.sign(a);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      sum += this.shares[i] * hermite(rows[i].value, rows[i].slope, k, b - k, PLACE_STEP);
    }
    return a < 0 ? -sum : sum;
  }

  /** psi'(a); rows hold slopes by b. */
  slope(a) {
    const b = Math.abs(a) / this.r / PLACE_STEP, k = Math.floor(b), rows = this.rows;
    if (!(k < rows[0].value.length - 1)) return 0;
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      sum += this.shares[i] * hermite(rows[i].slope, rows[i].bend, k, b - k, PLACE_STEP);
    }
    return sum / this.r;
  }
}

/** Logarithm of E sech(D z/2) and its slope in D, at D = 0, 0.05, ... */
const overlapTable = (() => {
  const count = Math.ceil(FARTHEST / DISTANCE_STEP) + 2;
  const value = new Float64Array(count), slope = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    const distance = j * DISTANCE_STEP;
    const step = Math.min(0.5, 2 * Math.PI * Math.PI / (Math.max(distance, 1e-9) * LOST));
    let sum = 0, by = 0;
    for (let k = -Math.ceil(REACH / step); k <= Math.ceil(REACH / step); k++) {
      const z = k * step, u = distance * z / 2, sech = 1 / Math.cosh(u);
      const w = step / Math.sqrt(2 * Math.PI) * Math.exp(-0.5 * z * z);
      sum += w * sech;
      by -= w * 0.5 * z * sech * Math.tanh(u);
    }
    value[j] = Math.log(sum);
    slope[j] = by / sum;
  }
  return {value, slope, last: count - 1};
})();

/** G(D), overlap of two equal components at a distance of D standard deviations. */
function overlapAt(distance) {
  const place = distance / DISTANCE_STEP, k = Math.floor(place);
  if (k >= overlapTable.last) return 0;
  const log = hermite(overlapTable.value, overlapTable.slope, k, place - k, DISTANCE_STEP);
  return 0.25 * Math.exp(log - distance * distance / 8);
}

/** K: the growth rate of log rho, by Gauss's two points on psi' where the overlaps are close (theory section 4). */
function growthAt(m1, m2, h, separation, labels, psi1, psi2) {
  if (Math.abs(m1 - m2) > 0.2) return formulas.alignment_rate(m1, m2, separation, psi1, psi2);
  const [plus, minus] = formulas.gauss_overlaps(m1, m2);
  return formulas.growth_close(separation, labels.slope(plus + h), labels.slope(minus + h));
}
