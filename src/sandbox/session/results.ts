import { terminalText } from '../../text/terminal-text.ts'
import type { CellError, CellResult } from '../../core/result.ts'
import type { RunCollector } from './collector.ts'
import type { HostEvidence } from '../driver.ts'
import type { DoneMessage } from '../protocol/messages.ts'
import type { Decision } from './outcomes.ts'

interface ResultParts {
  readonly collector: RunCollector
  readonly decision: Decision
  readonly done: DoneMessage | null
  readonly evidence: HostEvidence
  readonly queueMs: number
  readonly runMs: number
}

export function buildResult(parts: ResultParts): CellResult {
  const { collector, decision, done } = parts
  const truncated = [...(done?.truncated ?? []), ...(collector.malformed ? ['item'] : [])]
  return {
    ...decision,
    ...collector.captured(truncated),
    results: collector.results(),
    error: shownError(done?.error ?? null),
    artifacts: done?.artifacts.map((file) => ({ path: file.path, bytes: file.bytes })) ?? [],
    ...(done === null || done.artifacts_refused === 0 ? {} : { unlistedFiles: done.artifacts_refused }),
    timings: { queueMs: parts.queueMs, runMs: parts.runMs },
    peakMemoryBytes: done?.measured.peak_resident_bytes ?? parts.evidence.peakMemoryBytes,
    truncated: [...new Set(truncated)],
  }
}

/** An error as a terminal shows it: libraries color their messages. */
export function shownError(error: CellError | null): CellError | null {
  if (error === null) return null
  const { name, value, traceback } = error
  return { name: terminalText(name), value: terminalText(value), traceback: terminalText(traceback) }
}

/** The result of a run that never began. */
export function neverRan(decision: Decision, queueMs: number): CellResult {
  const nothing = { text: '', truncated: false }
  return {
    ...decision,
    stdout: nothing,
    stderr: nothing,
    results: [],
    error: null,
    artifacts: [],
    timings: { queueMs, runMs: 0 },
    peakMemoryBytes: null,
    truncated: [],
  }
}
