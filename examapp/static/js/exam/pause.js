// Small waits.

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** `base` spread by up to `share` of itself, so that a room of pages does not ask in one instant. */
export function spread(base, share = 0.25) {
  return base * (1 + share * Math.random());
}
