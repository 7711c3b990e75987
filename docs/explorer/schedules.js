/* Temperatures against the clock, in which the pull of the target has rate 1 (theory section 8). */

/* Each: T - 1 by the elapsed time and by the clock, the clock at a time, and when T reaches 1, in the schedule's unit. */
const SCHEDULES = {
  exponential: {
    excess: (x, e) => formulas.exponential_excess(x, e),
    atClock: (y, e) => formulas.exponential_excess_at_clock(e, y),
    clock: (x, e) => (x > 1 ? formulas.exponential_clock_late(x, e) : formulas.exponential_clock(x, e)),
    end: () => Infinity,
  },
  "exponential-to-one": {
    excess: (x, e) => formulas.exponential_to_one_excess(x, e),
    atClock: (y, e) => formulas.exponential_to_one_excess_at_clock(e, y),
    clock: (x, e) => formulas.exponential_to_one_clock(x, e),
    end: (e) => formulas.exponential_to_one_end(e),
  },
  linear: {
    excess: (x, e) => formulas.linear_excess(x, e),
    atClock: (y, e) => formulas.linear_excess_at_clock(e, y),
    clock: (x, e) => formulas.linear_clock(x, e),
    end: (e) => formulas.linear_end(e),
  },
  hold: {
    excess: (x, e) => formulas.hold_excess(x, e),
    atClock: (y, e) => formulas.hold_excess_at_clock(e, y),
    clock: (x, e) => formulas.hold_clock(x, e),
    end: (e) => formulas.hold_end(e),
  },
};

/** T of the clock for one objective. `t0` is the decay time of the exponential, else the time until T = 1. */
class Cooling {
  constructor(name, hot, t0, objective, rate) {
    this.form = SCHEDULES[name];
    this.excess0 = hot - 1;
    this.rate = rate; // of the clock where beta = 1
    this.tempered = objective === "tempered-target";
    this.still = this.excess0 < 1e-12;
    const end = this.still ? 0 : this.form.end(this.excess0);
    this.unit = Number.isFinite(end) && end > 0 ? t0 / end : t0;
    this.endTime = end * this.unit;
    this.endClock = this.clockAt(this.endTime);
  }

  /** The clock after a time of the gradient flow. */
  clockAt(time) {
    if (!this.tempered || this.still || time === Infinity) return this.rate * time;
    const within = Math.min(time, this.endTime);
    return this.rate * (this.unit * this.form.clock(within / this.unit, this.excess0) + time - within);
  }

  /** T at a clock reading; a jump belongs to what comes before it. */
  at(clock) {
    if (this.still || clock > this.endClock) return 1;
    const read = clock / (this.rate * this.unit);
    const e = this.tempered ? this.form.atClock(read, this.excess0) : this.form.excess(read, this.excess0);
    return 1 + Math.max(e, 0);
  }
}
