/* Runs of training: the fifth-order steps of Dormand and Prince with their fourth-order error. */

const STAGES = [
  [1 / 5], [3 / 40, 9 / 40], [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const NODES = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const ERRORS = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
const MOST_STEPS = 60000;

class Undecided extends Error {}

/** Integrates a model's state in the clock, never across the corner at which the temperature comes to rest. */
class Stepper {
  constructor(model, tolerance) {
    this.model = model;
    this.tolerance = tolerance;
    const size = model.size;
    this.y = new Float64Array(size);
    this.new = new Float64Array(size);
    this.scales = new Float64Array(size);
    this.k = NODES.concat(1).map(() => new Float64Array(size));
  }

  begin(state) {
    this.y.set(state);
    this.clock = 0;
    this.size = 0.02;
    this.steps = 0;
    this.fresh = true; // the first slope is to be computed
  }

  /** One accepted step, not beyond `limit`. */
  step(limit) {
    const {model, y, k} = this, cooling = model.cooling;
    const corner = this.clock < cooling.endClock ? cooling.endClock : Infinity;
    const bound = Math.min(limit, corner);
    for (;;) {
      if (++this.steps > MOST_STEPS) throw new Undecided("a run stayed undecided: it lies on the threshold");
      const last = this.clock + this.size >= bound, h = last ? bound - this.clock : this.size;
      const before = this.clock < cooling.endClock ? 1 : 0; // temperatures of this side of a jump
      if (this.fresh) model.rates(y, this.temperature(this.clock, before), k[0]);
      this.fresh = false;
      this.stages(h, before);
      const error = this.error(h);
      const factor = Math.min(4, Math.max(0.2, 0.9 * Math.pow(Math.max(error, 1e-10), -0.2)));
      if (error <= 1) {
        this.clock = last ? bound : this.clock + h;
        y.set(this.new);
        k[0].set(k[6]);
        if (last && bound === corner) this.fresh = true;
        if (!last || factor < 1) this.size = h * factor;
        return;
      }
      this.size = h * factor;
    }
  }

  /** T at a clock reading, of the side before or after the corner. */
  temperature(clock, before) {
    return before ? this.model.cooling.at(Math.min(clock, this.model.cooling.endClock))
      : this.model.cooling.at(Math.max(clock, this.model.cooling.endClock * (1 + 1e-15)));
  }

  stages(h, before) {
    const {model, y, k} = this, size = y.length;
    for (let stage = 0; stage < 6; stage++) {
      const row = STAGES[stage];
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0; j <= stage; j++) sum += row[j] * k[j][i];
        this.new[i] = y[i] + h * sum;
      }
      model.rates(this.new, this.temperature(this.clock + NODES[stage] * h, before), k[stage + 1]);
    }
  }

  error(h) {
    const {k} = this;
    this.model.errorScales(this.y, this.tolerance, this.scales);
    let worst = 0;
    for (let i = 0; i < this.y.length; i++) {
      let sum = 0;
      for (let j = 0; j < 7; j++) sum += ERRORS[j] * k[j][i];
      worst = Math.max(worst, Math.abs(h * sum) / this.scales[i]);
    }
    return Number.isFinite(worst) ? worst : 1e6; // a step that left the domain is made again, shorter
  }

  /** The verdict of a run: 1 split, -1 collapsed at the heavy mode, -2 at the light one. */
  verdict(state) {
    this.begin(state);
    for (;;) {
      const end = this.model.fate(this.y, this.temperature(this.clock, this.clock < this.model.cooling.endClock ? 1 : 0));
      if (end !== 0) return end;
      this.step(Infinity);
    }
  }
}
