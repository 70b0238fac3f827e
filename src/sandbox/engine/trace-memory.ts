import type { SandboxAlert, SandboxTrace } from '../../core/detection-facts.ts'

/** What is kept of each sandbox, and of how many. An alert has at most a few kilobytes. */
const mostAlerts = 50
const mostSandboxes = 200

type Mutable = { -readonly [Name in keyof SandboxTrace]: SandboxTrace[Name] }

/** What the traces of the last sandboxes have told, in memory, for operators who ask. */
export class TraceMemory {
  readonly #traces = new Map<string, Mutable>()

  alert(alert: SandboxAlert): void {
    const trace = this.#of(alert.id)
    trace.alerts = [...trace.alerts, alert].slice(-mostAlerts)
  }

  figures(id: string, figures: SandboxTrace['figures'], isOver: boolean): void {
    const trace = this.#of(id)
    trace.figures = figures
    trace.isOver ||= isOver
  }

  unheard(id: string): void {
    const trace = this.#of(id)
    trace.isUnheard = true
    trace.isOver = true
  }

  of(id: string): SandboxTrace | null {
    return this.#traces.get(id) ?? null
  }

  #of(id: string): Mutable {
    const known = this.#traces.get(id)
    if (known !== undefined) return known
    const made: Mutable = { isOver: false, isUnheard: false, figures: null, alerts: [] }
    this.#traces.set(id, made)
    if (this.#traces.size > mostSandboxes) this.#forgetOne()
    return made
  }

  /** The oldest that is over; where none is, the oldest. */
  #forgetOne(): void {
    const [oldest] = this.#traces.keys()
    const over = [...this.#traces].find(([, { isOver }]) => isOver)?.[0]
    this.#traces.delete(over ?? oldest ?? '')
  }
}
