import type { CellResult } from '../../../src/core/result.ts'

/** What a cell that ran well and said nothing answers, with changes. */
export function cellResult(changes: Partial<CellResult> = {}): CellResult {
  return {
    outcome: 'ok',
    stdout: { text: '', truncated: false },
    stderr: { text: '', truncated: false },
    results: [],
    error: null,
    artifacts: [],
    timings: { queueMs: 0, runMs: 12 },
    peakMemoryBytes: null,
    truncated: [],
    sessionAlive: true,
    notice: null,
    ...changes,
  }
}
