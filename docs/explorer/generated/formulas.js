/* Generated formulas: the arithmetic of the theory, as the package runs it.

   Written by `python -m derivations`; do not edit. */

const logaddexp = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))); // log(e^a + e^b)

const formulas = {
  /** Growth rate of log rho per unit of the clock (theory sections 3 and 4).
   * m1: overlap mu_1 . mu* of the first mean with the target's axis.
   * m2: overlap mu_2 . mu* of the second mean with the target's axis.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * psi_1: mean of the target's mode label under the first component.
   * psi_2: mean of the target's mode label under the second component.
   */
  alignment_rate(m1, m2, separation, psi_1, psi_2) {
    return (separation*separation)*(psi_1 - psi_2)/(m1 - m2);
  },

  /** The same for log rho <= 0 (theory section 4).
   * log_rho: logarithm of rho.
   */
  angle_across_axis(log_rho) {
    const part_0 = Math.exp(2*log_rho);
    const part_1 = part_0 + 1;
    const part_2 = 1/part_1;
    return [Math.exp(log_rho)/Math.sqrt(part_1), part_0*part_2, part_2];
  },

  /** Cosine, its square and the squared sine for log rho > 0 (theory section 4).
   * log_rho: logarithm of rho.
   */
  angle_near_axis(log_rho) {
    const part_0 = Math.exp(-2*log_rho);
    const part_1 = part_0 + 1;
    const part_2 = 1/part_1;
    return [1/Math.sqrt(part_1), part_2, part_0*part_2];
  },

  /** Squared cosine and sine of a squared cotangent (theory section 5).
   * cotangent_squared: squared cotangent of an angle with the axis.
   */
  angle_of_cotangent(cotangent_squared) {
    const part_0 = 1/(cotangent_squared + 1);
    return [cotangent_squared*part_0, part_0];
  },

  /** Rate at which the clock runs (theory sections 3 and 4).
   * family_weight: share of the family's first component.
   * attraction: factor of the pull of the target: beta, or 1 for the free energy.
   * mobility_1: mobility of the first mean: 1, or 1/w1 in the natural metric.
   */
  clock_pace(family_weight, attraction, mobility_1) {
    return attraction*family_weight*mobility_1;
  },

  /** Rate of the logarithm of a common trained variance in any dimension, equal weights (theory section 11).
   * dim: dimension of the samples.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   * variance_bend: d times what the rate of log v in d dimensions has beyond that in large ones.
   * temperature: temperature of the loss.
   */
  common_variance_growth(dim, variance, variance_bend, temperature) {
    return temperature/variance - 1 + variance_bend/dim;
  },

  /** Temperature up to which a distance shrinks at any angle (theory sections 3 and 4).
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * family_weight: share of the family's first component.
   * psi_prime_s: derivative of psi at the weighted mean overlap.
   * overlap: overlap G(D) of the two components.
   */
  distance_ceiling(separation, family_weight, psi_prime_s, overlap) {
    return family_weight*(1 - family_weight)*(-psi_prime_s*(separation*separation) + 1)/overlap;
  },

  /** Integral of beta up to the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_clock(elapsed, initial_excess) {
    return Math.log1p(Math.expm1(elapsed)/(initial_excess + 1));
  },

  /** Integral of beta up to the elapsed time, large x (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_clock_late(elapsed, initial_excess) {
    return elapsed - Math.log1p(initial_excess) + Math.log1p(initial_excess*Math.exp(-elapsed));
  },

  /** T - 1 at the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_excess(elapsed, initial_excess) {
    return initial_excess*Math.exp(-elapsed);
  },

  /** T - 1 when the clock shows y (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   * scaled_clock: integral of beta in units of the schedule's own time.
   */
  exponential_excess_at_clock(initial_excess, scaled_clock) {
    const part_0 = -scaled_clock;
    const part_1 = Math.exp(part_0);
    return initial_excess*part_1/(part_1 - (initial_excess + 1)*Math.expm1(part_0));
  },

  /** Integral of beta up to the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_to_one_clock(elapsed, initial_excess) {
    return Math.expm1(elapsed)/(initial_excess + 1);
  },

  /** Elapsed time from which T = 1 (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_to_one_end(initial_excess) {
    return Math.log1p(initial_excess);
  },

  /** T - 1 at the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  exponential_to_one_excess(elapsed, initial_excess) {
    return (initial_excess - Math.expm1(elapsed))*Math.exp(-elapsed);
  },

  /** T - 1 when the clock shows y (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   * scaled_clock: integral of beta in units of the schedule's own time.
   */
  exponential_to_one_excess_at_clock(initial_excess, scaled_clock) {
    const part_0 = scaled_clock*(initial_excess + 1);
    return (initial_excess - part_0)/(part_0 + 1);
  },

  /** The two Gauss points between m1 and m2 (theory section 4).
   * m1: overlap mu_1 . mu* of the first mean with the target's axis.
   * m2: overlap mu_2 . mu* of the second mean with the target's axis.
   */
  gauss_overlaps(m1, m2) {
    const part_0 = (1/6)*Math.sqrt(3)*(m1 - m2);
    const part_1 = (1/2)*m1 + (1/2)*m2;
    return [part_0 + part_1, -part_0 + part_1];
  },

  /** Growth rate K of a close pair (theory section 4).
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * psi_prime_plus: derivative of psi at the Gauss point next to m1.
   * psi_prime_minus: derivative of psi at the Gauss point next to m2.
   */
  growth_close(separation, psi_prime_plus, psi_prime_minus) {
    return (1/2)*(separation*separation)*(psi_prime_minus + psi_prime_plus);
  },

  /** Integral of beta up to the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  hold_clock(elapsed, initial_excess) {
    return elapsed/(initial_excess + 1);
  },

  /** Elapsed time from which T = 1 (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  hold_end(initial_excess) {
    return 1;
  },

  /** T - 1 at the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  hold_excess(elapsed, initial_excess) {
    return initial_excess;
  },

  /** T - 1 when the clock shows y (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   * scaled_clock: integral of beta in units of the schedule's own time.
   */
  hold_excess_at_clock(initial_excess, scaled_clock) {
    return initial_excess;
  },

  /** Integral of beta up to the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  linear_clock(elapsed, initial_excess) {
    return Math.log1p(elapsed*initial_excess/(initial_excess*(1 - elapsed) + 1))/initial_excess;
  },

  /** Elapsed time from which T = 1 (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  linear_end(initial_excess) {
    return 1;
  },

  /** T - 1 at the elapsed time (theory section 8).
   * elapsed: time in units of the schedule's own time.
   * initial_excess: temperature above 1 at the start, T0 - 1.
   */
  linear_excess(elapsed, initial_excess) {
    return initial_excess*(1 - elapsed);
  },

  /** T - 1 when the clock shows y (theory section 8).
   * initial_excess: temperature above 1 at the start, T0 - 1.
   * scaled_clock: integral of beta in units of the schedule's own time.
   */
  linear_excess_at_clock(initial_excess, scaled_clock) {
    const part_0 = initial_excess*scaled_clock;
    return (initial_excess - Math.expm1(part_0))*Math.exp(-part_0);
  },

  /** Logarithm of the cosine of the angle with the axis (theory section 5).
   * log_rho: logarithm of rho.
   */
  log_cosine(log_rho) {
    return -1/2*logaddexp(0, -2*log_rho);
  },

  /** Logarithm of the density of a cosine of a uniform direction (theory section 5).
   * cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
   * half_freedom: half of the dimensions across the axis, (d - 1)/2.
   * log_gamma_ratio: logarithm of Gamma(a + 1/2)/Gamma(a).
   */
  log_cosine_density(cosine, half_freedom, log_gamma_ratio) {
    return log_gamma_ratio + (half_freedom - 1)*Math.log1p(-(cosine*cosine)) - 1/2*Math.log(Math.PI);
  },

  /** Logarithm of the density of the logarithm of the length, u from its most probable value (theory section 5).
   * half_freedom: half of the dimensions across the axis, (d - 1)/2.
   * log_norm: logarithm of the largest value of a density.
   * stretch: logarithm of a length over the most probable one.
   */
  log_length_density(half_freedom, log_norm, stretch) {
    const part_0 = 2*stretch;
    return -half_freedom*(-part_0 + Math.expm1(part_0)) + log_norm;
  },

  /** Logarithm of a pair's distance over its length across the axis (theory section 4).
   * log_rho: logarithm of rho.
   */
  log_stretch(log_rho) {
    return (1/2)*logaddexp(0, 2*log_rho);
  },

  /** Logarithm of the most probable length across (theory section 5).
   * dim: dimension of the samples.
   * scale: standard deviation of one coordinate of an initial mean.
   */
  log_typical_length(dim, scale) {
    return Math.log(scale) + (1/2)*Math.log(2*dim - 2);
  },

  /** Exponent of a Gaussian density (theory section 5).
   * s0: weighted mean overlap at the start.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   */
  normal_exponent(s0, variance) {
    return -1/2*(s0*s0)/variance;
  },

  /** D^2/(4 v), and its slope in D/sqrt(v) (theory section 11).
   * distance: distance of the two means, or of the two points of a label.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   */
  overlap_argument(distance, variance) {
    return [(1/4)*(distance*distance)/variance, (1/2)*distance/Math.sqrt(variance)];
  },

  /** Temperature up to which a drift outweighs the push at a distance (theory sections 3 and 4).
   * distance: distance of the two means, or of the two points of a label.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * component_weight: share of the component whose mean moves.
   * overlap: overlap G(D) of the two components.
   * drift: drift -s + R^2 psi(s) of a coincident pair.
   */
  overlap_ceiling(distance, separation, component_weight, overlap, drift) {
    return component_weight*drift/(distance*overlap*separation);
  },

  /** Rates of s, log rho and log D per unit of the clock (theory sections 3 and 4).
   * s: weighted mean w1 m1 + w2 m2 of the two overlaps.
   * cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * family_weight: share of the family's first component.
   * temperature: temperature of the loss.
   * psi_1: mean of the target's mode label under the first component.
   * psi_2: mean of the target's mode label under the second component.
   * overlap: overlap G(D) of the two components.
   * slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
   */
  reduced_log_flow(s, cosine_squared, separation, family_weight, temperature, psi_1, psi_2, overlap, slope) {
    const part_0 = 1 - family_weight;
    return [-s + (separation*separation)*(family_weight*psi_1 + part_0*psi_2), slope, cosine_squared*slope - 1 + overlap*temperature/(family_weight*part_0)];
  },

  /** Both overlaps of a reduced state (theory section 4).
   * s: weighted mean w1 m1 + w2 m2 of the two overlaps.
   * cosine: cosine of the angle between mu_1 - mu_2 and the axis, with the sign of m1 - m2.
   * distance: distance of the two means, or of the two points of a label.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * family_weight: share of the family's first component.
   */
  reduced_overlaps(s, cosine, distance, separation, family_weight) {
    const part_0 = cosine*distance*separation;
    return [part_0*(1 - family_weight) + s, -family_weight*part_0 + s];
  },

  /** Both overlaps, their difference and the length across the axis in a run (theory section 4).
   * s: weighted mean w1 m1 + w2 m2 of the two overlaps.
   * log_rho: logarithm of rho.
   * log_distance: logarithm of the distance of the means.
   * side: sign of m1 - m2: 1 or -1.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * family_weight: share of the family's first component.
   */
  run_places(s, log_rho, log_distance, side, separation, family_weight) {
    const part_0 = 2*log_rho;
    const part_1 = separation*side*Math.exp(log_distance - 1/2*logaddexp(0, -part_0));
    return [part_1*(1 - family_weight) + s, -family_weight*part_1 + s, part_1, Math.exp(log_distance - 1/2*logaddexp(0, part_0))];
  },

  /** Weighted mean overlap of a start of given centre (theory section 4).
   * log_rho: logarithm of rho.
   * log_distance: logarithm of the distance of the means.
   * side: sign of m1 - m2: 1 or -1.
   * centre: overlap (m1 + m2)/2 of the centre of the two means.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * family_weight: share of the family's first component.
   */
  run_start(log_rho, log_distance, side, centre, separation, family_weight) {
    return centre + separation*side*(family_weight - 1/2)*Math.exp(log_distance - 1/2*logaddexp(0, -2*log_rho));
  },

  /** Drift of a single mean (theory section 6).
   * s: weighted mean w1 m1 + w2 m2 of the two overlaps.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * psi_s: psi at the weighted mean overlap.
   */
  single_drift(s, separation, psi_s) {
    return psi_s*(separation*separation) - s;
  },

  /** Its derivative (theory section 6).
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * psi_prime_s: derivative of psi at the weighted mean overlap.
   */
  single_drift_slope(separation, psi_prime_s) {
    return psi_prime_s*(separation*separation) - 1;
  },

  /** M1, m2 and the distance of the means (theory section 11).
   * difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
   * overlap_sum: sum m1 + m2 of the two overlaps.
   * pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   */
  sphere_overlaps(difference_cosine, overlap_sum, pair_cosine, separation) {
    const part_0 = Math.sqrt(2 - 2*pair_cosine);
    const part_1 = (1/2)*difference_cosine*part_0*(separation*separation);
    return [(1/2)*overlap_sum + part_1, (1/2)*overlap_sum - part_1, part_0*separation];
  },

  /** Rates of log x, m1 + m2 and mu_1 . mu_2/R^2 in the clock (theory section 11).
   * difference_cosine: cosine of the angle between mu_1 - mu_2 and the axis, for means on the sphere.
   * overlap_sum: sum m1 + m2 of the two overlaps.
   * pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   * temperature: temperature of the loss.
   * psi_1: mean of the target's mode label under the first component.
   * psi_2: mean of the target's mode label under the second component.
   * overlap: overlap G(D) of the two components.
   * slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
   */
  sphere_pair_flow(difference_cosine, overlap_sum, pair_cosine, separation, variance, temperature, psi_1, psi_2, overlap, slope) {
    const part_0 = (difference_cosine*difference_cosine);
    const part_1 = (separation*separation);
    const part_2 = 1/part_1;
    const part_3 = overlap_sum*part_2;
    const part_4 = (1/2)*psi_1 + (1/2)*psi_2;
    const part_5 = 1 - pair_cosine;
    const part_6 = overlap_sum*part_5;
    const part_7 = overlap*temperature/variance;
    const part_8 = part_1*slope;
    const part_9 = part_0*part_5;
    return [-1/4*part_3*((1/2)*part_3*slope + part_4) + (1/2)*slope*(1 - part_0), part_1*part_4 - 1/2*part_2*(part_0*part_6*part_8 + (1/2)*part_4*((overlap_sum*overlap_sum) + 2*part_9*(separation*separation*separation*separation))) - part_6*part_7, (1/2)*part_2*(overlap_sum*part_4*part_5 - part_8*part_9*(pair_cosine + 1)) - 2*part_7*(1 - (pair_cosine*pair_cosine))];
  },

  /** Log x and m1 + m2 of a start (theory section 11).
   * log_rho: logarithm of rho.
   * sum_cosine: cosine of the angle between mu_1 + mu_2 and the axis, for means on the sphere.
   * pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   */
  sphere_start(log_rho, sum_cosine, pair_cosine, separation) {
    return [(1/2)*Math.log1p(-(sum_cosine*sum_cosine)) - 1/2*logaddexp(0, -2*log_rho), (separation*separation)*sum_cosine*Math.sqrt(2*pair_cosine + 2)];
  },

  /** Temperature up to which both overlaps stay beyond m1 (theory section 11).
   * m1: overlap mu_1 . mu* of the first mean with the target's axis.
   * pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * component_weight: share of the component whose mean moves.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   * psi_1: mean of the target's mode label under the first component.
   * overlap: overlap G(D) of the two components.
   */
  sphere_trapping_ceiling(m1, pair_cosine, separation, component_weight, variance, psi_1, overlap) {
    return component_weight*psi_1*variance*Math.sqrt(-(m1*m1) + (separation*separation*separation*separation))/(overlap*(separation*separation)*Math.sqrt(1 - (pair_cosine*pair_cosine)));
  },

  /** D times what the rate of log v in d dimensions has beyond that in large ones (theory section 11).
   * distance: distance of the two means, or of the two points of a label.
   * separation: distance of each mode from the origin, in standard deviations of a mode.
   * variance: common variance of the components, or of one coordinate of an initial mean.
   * temperature: temperature of the loss.
   * psi_prime_1: derivative of psi at m1.
   * psi_prime_2: derivative of psi at m2.
   * overlap: overlap G(D) of the two components.
   */
  variance_bend(distance, separation, variance, temperature, psi_prime_1, psi_prime_2, overlap) {
    return -(distance*distance)*overlap*temperature/(variance*variance) + (1/2)*(separation*separation)*(psi_prime_1 + psi_prime_2);
  },
};
