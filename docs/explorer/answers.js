/* What is computed of a setting: thresholds, the probability of collapse, one run, and the map. */

const RUN_TOLERANCE = 2e-6; // of a step
const LOWEST = -60, HIGHEST = 20; // log rho between which a threshold is sought

/** Gauss's rule on an interval, on either side of a place inside it where the integrand bends sharply. */
function ruleAround(low, high, place, count) {
  if (!(place > low && place < high)) return gaussOn(low, high, count);
  return [...gaussOn(low, place, count), ...gaussOn(place, high, count)];
}

function normalised(rule) {
  const whole = rule.reduce((sum, [, w]) => sum + w, 0);
  return rule.map(([x, w]) => [x, w / whole]);
}

/** Nodes of Chebyshev with the weights that average polynomials over a law exactly. */
function lawRule(low, high, density, count) {
  const nodes = Array.from({length: count}, (_, k) =>
    0.5 * (low + high) + 0.5 * (high - low) * Math.cos(Math.PI * (k + 0.5) / count));
  const weights = nodes.map(() => 0);
  for (const [x, w] of normalised(gaussOn(low, high, 80).map(([x, w]) => [x, w * density(x)]))) {
    nodes.forEach((node, j) => {
      let basis = w;
      nodes.forEach((other, k) => { if (k !== j) basis *= (x - other) / (node - other); });
      weights[j] += basis;
    });
  }
  return nodes.map((node, j) => [node, weights[j]]);
}

function modelOf(setting) {
  return setting.model === "sphere" ? new Sphere(setting) : new FreeMeans(setting);
}

/** log rho at which a start changes from collapse to split, by bisection from a guess. */
function thresholdOf(stepper, state, guess, tolerance) {
  const splits = (x) => stepper.verdict(state(x)) > 0;
  let low = Math.min(Math.max(guess, LOWEST), HIGHEST), high = low, stride = 0.1;
  if (splits(low)) {
    do {
      if (low <= LOWEST) return -Infinity;
      high = low;
      low = Math.max(LOWEST, low - stride);
      stride *= 3;
    } while (splits(low));
  } else {
    do {
      if (high >= HIGHEST) return Infinity;
      low = high;
      high = Math.min(HIGHEST, high + stride);
      stride *= 3;
    } while (!splits(high));
  }
  while (high - low > tolerance) {
    const middle = 0.5 * (low + high);
    if (splits(middle)) high = middle; else low = middle;
  }
  return 0.5 * (low + high);
}

/** P, in small portions: it yields after each threshold. */
function* probability(model, fineness = 2, tolerance = 2e-3) {
  const stepper = new Stepper(model, RUN_TOLERANCE * (fineness > 1 ? 1 : 10));
  let sum = 0, first = -2;
  for (const {weight, rows} of model.law(fineness, stepper)) {
    let guess = first, inner = 0, begun = false;
    for (const {share, start, worth} of rows()) {
      const found = share < 1e-7 ? guess : thresholdOf(stepper, (x) => model.state(start, x), guess, tolerance);
      inner += share * worth(found);
      if (Number.isFinite(found) && share >= 1e-7) guess = found;
      if (!begun) [first, begun] = [guess, true];
      yield null;
    }
    sum += weight * inner;
  }
  return Math.min(Math.max(sum, 0), 1);
}

/** The threshold of the start in the middle of its law: rho_c of free means, x_c on the sphere. */
function centralThreshold(model, tolerance = 1e-6) {
  const sphere = model instanceof Sphere;
  const {state} = sphere ? model.startAt(0, 0) : model.startAt(0, Math.SQRT2);
  const x = thresholdOf(new Stepper(model, 1e-8), state, -2, tolerance);
  return Math.exp(sphere ? formulas.log_cosine(x) : x);
}

/** One run: the pair at each time. */
function runOf(model, state, times) {
  const stepper = new Stepper(model, 1e-8), found = [];
  stepper.begin(state);
  for (const time of times) {
    const clock = model.cooling.clockAt(time);
    while (stepper.clock < clock) stepper.step(clock);
    const before = stepper.clock < model.cooling.endClock ? 1 : 0;
    found.push({time, temperature: stepper.temperature(clock, before), ...model.picture(stepper.y)});
  }
  return found;
}

/** The time at which a run's end is certain, and which end it is. */
function endOf(model, state) {
  const stepper = new Stepper(model, RUN_TOLERANCE);
  const end = stepper.verdict(state);
  let low = 0, high = 1;
  while (model.cooling.clockAt(high) < stepper.clock) high *= 2;
  for (let again = 0; again < 40; again++) {
    const middle = 0.5 * (low + high);
    if (model.cooling.clockAt(middle) < stepper.clock) low = middle; else high = middle;
  }
  return {end, time: high};
}

/** Collects a generator's answer at once. */
function whole(generator) {
  for (;;) {
    const {value, done} = generator.next();
    if (done) return value;
  }
}

/** Least separation at which both modes hold collapsed pairs, to 0.01; null where none up to `most` does. */
function leastSeparation(setting, most) {
  const decides = (separation) => modelOf({...setting, separation}).decides;
  if (!decides(most)) return null;
  let low = setting.separation, high = most;
  while (high - low > 0.005) {
    const middle = 0.5 * (low + high);
    if (decides(middle)) high = middle; else low = middle;
  }
  return Math.ceil(high * 100) / 100;
}
