import type { SandboxEvent } from '../../core/facts.ts'
import type { DetectionReport } from '../detection/detection-report.ts'
import { priorities, type Priority } from '../../core/detection-facts.ts'
import type { SandboxSession } from '../session/sandbox-session.ts'
import type { Holding } from './seen-sandbox.ts'
import type { TraceMemory } from './trace-memory.ts'

/** Whose sandbox it is, and which program runs in it, or was the last; nulls where nothing is known. */
interface Place {
  readonly tenant: string | null
  readonly cell: number | null
}

interface HearingParts {
  readonly placeOf: (id: string) => Place
  /** An alert as grave as this ends its sandbox; null where none does. */
  readonly killAt: Priority | null
  readonly end: (id: string, why: string) => Promise<unknown>
  readonly tell: (event: SandboxEvent) => void
  readonly memory: TraceMemory
}

export function placeOf(session: SandboxSession | undefined, claimed: ReadonlyMap<SandboxSession, Holding>): Place {
  if (session === undefined) return { tenant: null, cell: null }
  return { tenant: claimed.get(session)?.tenant ?? null, cell: session.cell === 0 ? null : session.cell }
}

/** Takes what is told of the calls of a sandbox: tells it further with its place, and ends the sandbox where it has to. */
export function hearDetection(
  report: DetectionReport,
  { placeOf: find, killAt, end, tell, memory }: HearingParts,
): void {
  if (report.kind === 'fault') tell({ type: 'sandbox-fault', fault: report.fault })
  if (report.kind === 'events-lost') {
    tell({ type: 'sandbox-events-lost', id: report.id, ...find(report.id), count: report.count })
  }
  if (report.kind === 'figures') memory.figures(report.id, report.figures, false)
  if (report.kind === 'ended') memory.figures(report.id, report.figures, true)
  if (report.kind === 'unheard') {
    memory.unheard(report.id)
    tell({ type: 'sandbox-unheard', id: report.id, ...find(report.id), why: report.why })
  }
  if (report.kind !== 'alert') return
  const { id, rule, at, output, fields, suppressed } = report
  const { name, priority, tags } = rule
  const ended = killAt !== null && priorities.indexOf(priority) <= priorities.indexOf(killAt)
  const told = { rule: name, priority, tags, at, output, fields, suppressed, ended }
  const alert = { type: 'sandbox-alert', id, ...find(id), ...told } as const
  memory.alert(alert)
  tell(alert)
  if (!ended) return
  const why = `The sandbox was ended because its code did what the rule "${name}" names; claim a new one.`
  end(id, why).catch((fault: unknown) => tell({ type: 'sandbox-fault', fault }))
}
