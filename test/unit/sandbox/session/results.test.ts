import { describe, expect, it } from 'vitest'
import { RunCollector } from '../../../../src/sandbox/session/collector.ts'
import { createLimits } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'
import { buildResult, neverRan } from '../../../../src/sandbox/session/results.ts'
import { plainDone } from '../../../support/sandbox/fake-supervisor.ts'

const decision = { outcome: 'ok', notice: null, sessionAlive: true } as const
const evidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: 77 }
const times = { queueMs: 3, runMs: 4 }

function build(done: Partial<typeof plainDone> | null, items: readonly object[] = []) {
  const collector = new RunCollector(createLimits(sandboxLimitOptions.parse({})), () => {})
  collector.output({ type: 'output', id: 1, stream: 'stdout', text: 'out' })
  items.forEach((item, index) =>
    collector.display({ type: 'display', id: 1, index, main: true, item: item as Record<string, unknown> }),
  )
  return buildResult({
    collector,
    decision,
    done: done === null ? null : { ...plainDone, id: 1, ...done },
    evidence,
    ...times,
  })
}

describe('the result of a run', () => {
  it('is all that was said of it', () => {
    const error = { name: '\u001b[31mE', value: '\u001b[1mv', traceback: '\u001b[2mt' }
    const artifacts = [{ path: 'a.csv', bytes: 5, modified_ms: 9 }]
    expect(build({ error, artifacts, truncated: ['stdout'] }, [{ text: 'x' }])).toEqual({
      ...decision,
      stdout: { text: 'out', truncated: true },
      stderr: { text: '', truncated: false },
      results: [{ isMain: true, text: 'x' }],
      error: { name: 'E', value: 'v', traceback: 't' },
      artifacts: [{ path: 'a.csv', bytes: 5 }],
      timings: times,
      peakMemoryBytes: 1000,
      truncated: ['stdout'],
    })
  })

  it('says once that items were cut, whoever cut them', () => {
    expect(build({}, [{ text: 'x' }]).truncated).toEqual([])
    expect(build({}, []).unlistedFiles).toBeUndefined()
    expect(build({ artifacts_refused: 2 }, []).unlistedFiles).toBe(2)
    expect(build({}, [{ video: 'x' }]).truncated).toEqual(['item'])
    expect(build({ truncated: ['item', 'stderr'] }, [{ video: 'x' }]).truncated).toEqual(['item', 'stderr'])
  })

  it('has what the host knows where the sandbox said nothing', () => {
    expect(build(null)).toMatchObject({ error: null, artifacts: [], peakMemoryBytes: 77, truncated: [] })
    expect(build({ measured: {} }).peakMemoryBytes).toBe(77)
  })

  it('is empty for a run that never began', () => {
    const nothing = { text: '', truncated: false }
    expect(neverRan(decision, 12)).toEqual({
      ...decision,
      stdout: nothing,
      stderr: nothing,
      results: [],
      error: null,
      artifacts: [],
      timings: { queueMs: 12, runMs: 0 },
      peakMemoryBytes: null,
      truncated: [],
    })
  })
})
