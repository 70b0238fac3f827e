/** Work that is done step by step, none of them longer than some milliseconds, so that others can have their turn in between. */
export type Steps<Made> = Generator<void, Made>

/** Does all steps at once. */
export function atOnce<Made>(steps: Steps<Made>): Made {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
