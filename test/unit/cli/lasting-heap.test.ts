import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { keepHeapSmall } from '../../../src/cli/lasting-heap.ts'

describe('the heap of a service', () => {
  it('grows by half of what is alive, and is collected by one thread', async () => {
    const given: string[] = []
    keepHeapSmall((flag) => void given.push(flag))
    expect(given).toEqual(['--heap-growing-percent=50', '--no-parallel-scavenge'])
    // An engine passes over a flag that it does not know.
    const { stdout: known } = await promisify(execFile)(process.execPath, ['--v8-options'])
    expect(known).toMatch(/^ *--heap-growing-percent /m)
    expect(known).toMatch(/^ *--parallel-scavenge /m)
  })
})
