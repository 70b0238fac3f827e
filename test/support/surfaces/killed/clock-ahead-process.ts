// Loaded before a service whose machine has a clock that is so many milliseconds ahead.

const ahead = Number(process.env['CLOCK_AHEAD_MS'] ?? 0)
const now = Date.now.bind(Date)

class DateAhead extends Date {
  constructor(...given: [] | ConstructorParameters<typeof Date>) {
    if (given.length === 0) super(now() + ahead)
    else super(...(given as [number]))
  }

  static override now(): number {
    return now() + ahead
  }
}

globalThis.Date = DateAhead as DateConstructor
