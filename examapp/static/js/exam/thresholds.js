// The times at which the page speaks of its own accord. Everything in between is silent.

const THRESHOLDS = [30, 10, 5, 1];
const MINUTE_MS = 60000;

/** The threshold (minutes) that was passed between two readings of the time left, or null. */
export function passedThreshold(before, now) {
  if (before === null) return null;
  const passed = THRESHOLDS.filter((minutes) => before > minutes * MINUTE_MS && now <= minutes * MINUTE_MS && now > 0);
  // After sleep or a reload several may have gone by; only the nearest to the end is worth saying.
  return passed.length ? Math.min(...passed) : null;
}
