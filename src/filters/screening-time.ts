/** The time that the checks of one response may take, in milliseconds of work; waiting for a turn is not counted. */
export class ScreeningTime {
  readonly limit: number
  #spent = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get left(): number {
    return Math.max(0, this.limit - this.#spent)
  }

  spend(milliseconds: number): void {
    this.#spent += milliseconds
  }
}
