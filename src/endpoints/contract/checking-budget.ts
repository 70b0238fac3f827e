import { ServiceError } from '../../core/errors.ts'

/**
 * Steps that any value may take, and those more for each of its bytes. A step is one schema that is held against one value, some
 * ten nanoseconds: a body of a kilobyte holds up others for a millisecond at most.
 */
const [leastSteps, stepsPerByte] = [100_000, 8]

/** A value took more steps than its size allows. */
export class TooMuchWork extends ServiceError {
  constructor() {
    super('invalid-request', 'The body takes more work to be held against its schema than its size allows.', {
      parameter: 'body',
    })
  }
}

/**
 * What may be spent on holding one value against its schema. Where schemas refer to others, a part of a value can be held against
 * the same schema again and again, twice as often with each level, on a body of a hundred bytes.
 */
export class CheckingBudget {
  #left: number

  /** `bytes`: the length of the value as it came; 0 for what is short. */
  constructor(bytes: number) {
    this.#left = leastSteps + bytes * stepsPerByte
  }

  /** Throws `TooMuchWork` where no more is left. */
  take(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new TooMuchWork()
  }
}
