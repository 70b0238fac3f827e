import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as engine from 'node:v8'
import { describe, expect, it, vi } from 'vitest'
import { keepHeapSmall } from '../../../src/cli/lasting-heap.ts'

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn<typeof engine.setFlagsFromString>() }))

describe('the heap of a service', () => {
  it('grows by half of what is alive, and is collected by one thread', async () => {
    keepHeapSmall()
    const given = vi.mocked(engine.setFlagsFromString).mock.calls.map(([flag]) => flag)
    expect(given).toEqual(['--heap-growing-percent=50', '--no-parallel-scavenge'])
    // An engine passes over a flag that it does not know.
    const { stdout: known } = await promisify(execFile)(process.execPath, ['--v8-options'])
    expect(known).toMatch(/^ *--heap-growing-percent /m)
    expect(known).toMatch(/^ *--parallel-scavenge /m)
  })
})
