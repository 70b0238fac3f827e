const longestHours = 24 * 365

/** Reads for how many hours a rotated key goes on beside its successor; 0 is not at all, and then nothing of it is said. */
export function readOverlap(
  hours: string,
): { readonly said: { readonly overlap_ms?: number } } | { readonly fault: string } {
  const count = Number(hours.trim())
  if (hours.trim() === '' || !Number.isFinite(count) || count < 0 || count > longestHours) {
    return { fault: `Hours are a number from 0 to ${longestHours.toLocaleString('en')}.` }
  }
  const milliseconds = Math.round(count * 3_600_000)
  return { said: milliseconds === 0 ? {} : { overlap_ms: milliseconds } }
}
