// Small waits.

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What `promise` gives, or a failure when it has given nothing after `milliseconds`. */
export async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `base` spread by up to `share` of itself, so that a room of pages does not ask in one instant. */
export function spread(base, share = 0.25) {
  return base * (1 + share * Math.random());
}
