/* Functions that JavaScript has not, and Gauss's rule. Numerical methods only; nothing here is of the theory. */

/** Logarithm of the Gamma function, x > 0 (Lanczos, g = 7; relative error below 1e-13). */
function logGamma(x) {
  const c = [676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
  let sum = 0.99999999999980993;
  for (let k = 0; k < 8; k++) sum += c[k] / (x + k);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Error function, x >= 0: its series, or the continued fraction of erfc (DLMF 7.6.2, 7.9.1). */
function erf(x) {
  if (x > 6) return 1;
  if (x > 2.5) {
    let tail = 0;
    for (let k = 60; k > 0; k--) tail = (k / 2) / (x + tail);
    return 1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + tail));
  }
  let term = x, sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * sum; k++) {
    term *= 2 * x * x / (2 * k + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** Regularised incomplete beta function I_x(a, b): the continued fraction of DLMF 8.17.22. */
function betaShare(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a);
  let tail = 0;
  for (let k = 300; k > 0; k--) { // from the end: x lies where 300 terms are plenty up to a + b of some 1e5
    const m = k >> 1;
    const d = k % 2 ? -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
      : m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m));
    tail = d * x / (1 + tail);
  }
  return Math.exp(front) / (1 + tail);
}

const gaussRules = new Map();

/** Nodes and weights of Gauss and Legendre on [-1, 1], by Newton's method from the usual guesses. */
function gaussRule(count) {
  if (gaussRules.has(count)) return gaussRules.get(count);
  const rule = [];
  for (let i = 0; i < count; i++) {
    let x = Math.cos(Math.PI * (i + 0.75) / (count + 0.5)), slope = 1;
    for (let again = 0; again < 8; again++) {
      let before = 1, now = x;
      for (let n = 2; n <= count; n++) [before, now] = [now, ((2 * n - 1) * x * now - (n - 1) * before) / n];
      slope = count === 1 ? 1 : count * (x * now - before) / (x * x - 1);
      x -= now / slope;
    }
    rule.push([x, 2 / ((1 - x * x) * slope * slope)]);
  }
  gaussRules.set(count, rule);
  return rule;
}

/** The rule on [low, high]: rows [node, weight]. */
function gaussOn(low, high, count) {
  return gaussRule(count).map(([x, w]) => [0.5 * (low + high) + 0.5 * (high - low) * x, 0.5 * (high - low) * w]);
}
