/* The fields of the page: what each is, in which unit, and what it must be. */

const FIELDS = [
  {name: "separation", label: "Separation R of the target's modes", unit: "standard deviations of a mode", low: 1, high: 5,
    step: 0.05, from: "from each mode to the origin"},
  {name: "weight", label: "Weight w* of the heavier mode", unit: "a share", low: 0.5, high: 0.95, step: 0.01,
    from: "the other mode has 1 - w*"},
  {name: "dim", label: "Dimension d", unit: "coordinates", low: 2, high: 10000, whole: true, log: true,
    from: "of the samples"},
  {name: "hot", label: "Initial temperature T0", unit: "1 is no annealing", low: 1, high: 10000, log: true,
    from: "in units of the final temperature"},
  {name: "t0", label: "Cooling time t0", unit: "gradient-flow time: steps times step size", low: 0.1, high: 1000, log: true,
    from: "decay time of the exponential schedule; for the others the time at which T reaches 1"},
  {name: "alignment", label: "Alignment of the start that is shown", unit: "cotangent of an angle", low: 0.0001, high: 10,
    log: true, from: "of the angle between the difference of the means and the target's axis; the run below starts so"},
];
const CHOICES = {
  model: ["free", "sphere"],
  objective: ["tempered-target", "free-energy"],
  schedule: Object.keys(SCHEDULES),
};
const START = {model: "free", separation: 3, weight: 0.8, dim: 128, hot: 10, t0: 10, objective: "tempered-target",
  schedule: "exponential", alignment: 0.12};
const PAPER = {...START, model: "sphere", hot: 90, t0: 35, objective: "free-energy", schedule: "exponential-to-one",
  alignment: 0.02};
const MODEL_WORDS = {free: "free means of variance 1", sphere: "means on the sphere, trained variance (the paper's setting)"};

/** A sentence on what is wrong with a field, or null. */
function fault(field, value, setting) {
  const low = field.name === "dim" && setting.model === "sphere" ? 3 : field.low;
  const kind = field.whole ? "a whole number" : "a number";
  if (Number.isFinite(value) && value >= low && value <= field.high && (!field.whole || Number.isInteger(value))) return null;
  const given = Number.isFinite(value) ? `it is ${value}` : "it is empty or no number";
  return `must be ${kind} from ${low} to ${field.high}: ${given}.`;
}

/** Faults of a whole setting by the name of the field; that of the separation is asked of the model. */
function faults(setting) {
  const found = {};
  for (const field of FIELDS) {
    const said = fault(field, setting[field.name], setting);
    if (said) found[field.name] = said;
  }
  if (Object.keys(found).length > 0 || modelOf(setting).decides) return found;
  const least = leastSeparation(setting, FIELDS[0].high);
  const sphere = setting.model === "sphere", here = sphere ? "this weight and dimension" : "this weight";
  const needed = least === null ? `no separation here is large enough at ${here}` : `must be at least ${least} at ${here}`;
  found.separation = `${needed}, so that the page can tell how every run ends at T = 1: it is ${setting.separation}. `
    + (sphere ? "Enlarge it, take a weight nearer to 0.5, or take more dimensions."
      : "Enlarge it, or take a weight nearer to 0.5. The package treats smaller ones.");
  return found;
}
