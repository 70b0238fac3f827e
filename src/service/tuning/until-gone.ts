/** Throws, between two steps, where nobody waits any more for what they come to. */
export function* untilGone<Made>(steps: Generator<void, Made>, signal: AbortSignal): Generator<void, Made> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    signal.throwIfAborted()
    yield
  }
}
