/** The row of a measured job: median seconds, median and range of the rounds' ratios, the two answers and whether they agree. */
export function summarise({ name, title, target, expected, tolerance, full, products }, [first, second]) {
  const ratios = first.seconds.map((seconds, round) => seconds / second.seconds[round]).sort((a, b) => a - b);
  const answers = [first.answer, second.answer].map(({ value, standardError }) => ({ value, standardError }));
  return {
    name,
    title,
    target,
    expected,
    seconds: [median(first.seconds), median(second.seconds)],
    ratio: { median: median(ratios), least: ratios[0], most: ratios[ratios.length - 1] },
    // A product is a multiplication and an addition.
    gigaflops: products && [first, second].map((side) => (2e-9 * products * full) / median(side.seconds)),
    system: [first.system, second.system],
    answers,
    agree: agree(...answers, tolerance) && answers.every((answer) => expected === undefined || agree(answer, exact(expected))),
  };
}

/** Within 4.5 standard errors, or the same to 6 digits, or to another tolerance, where neither has one. */
function agree(a, b, tolerance = 1e-6) {
  const difference = Math.abs(a.value - b.value);
  return difference <= 4.5 * Math.hypot(a.standardError, b.standardError) || difference <= tolerance * Math.abs(a.value);
}

function exact(value) {
  return { value, standardError: 0 };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
