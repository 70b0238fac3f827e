import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DecisionRecorder } from '../../../../src/gateway/authorize/recorder.ts'
import { grantInput, inputOf } from '../../../support/policy/inputs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

describe('a recording', () => {
  it('has every question in order, for its owner only, and forgets the days that are over', async () => {
    verifies('policy.recorded')
    const folder = join(temporaryFolder('policy-'), 'recordings')
    let day = 1
    const faults: unknown[] = []
    const options = { folder, days: 2, onFault: (error: unknown) => faults.push(error) }
    const recorder = new DecisionRecorder({ ...options, now: () => new Date(Date.UTC(2026, 2, day)) })
    for (const name of ['grant', 'payload', 'action', 'content'] as const) recorder.record(name, inputOf(name, 'k1'))
    await recorder[Symbol.asyncDispose]()
    writeFileSync(join(folder, 'notes.txt'), 'not of the recorder')
    for (day of [2, 3]) {
      recorder.record('grant', grantInput())
      await recorder[Symbol.asyncDispose]()
    }
    expect(readdirSync(folder)).toEqual(['decisions-2026-03-02.jsonl', 'decisions-2026-03-03.jsonl', 'notes.txt'])
    const path = join(folder, 'decisions-2026-03-03.jsonl')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ decision: 'grant', input: grantInput() })
    expect(faults).toEqual([])
  })

  it('that cannot be kept is said, and nothing else happens', async () => {
    const folder = join(temporaryFolder('policy-'), 'file')
    writeFileSync(folder, '')
    const faults: unknown[] = []
    const recorder = new DecisionRecorder({ folder, days: 1, onFault: (error) => faults.push(error) })
    recorder.record('grant', grantInput())
    await recorder[Symbol.asyncDispose]()
    expect(faults).toHaveLength(1)
  })
})
