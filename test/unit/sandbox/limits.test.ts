import { describe, expect, it } from 'vitest'
import { limitNames, sandboxLimits, type LimitName } from '../../../src/core/requested-limits.ts'
import {
  createLimits,
  defaultCeilings,
  lackedWalls,
  limitShortfalls,
  limitsOf,
  sameIsolation,
  threadsOf,
} from '../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../src/sandbox/options.ts'
import { verifies } from '../../support/verifies.ts'

const options = sandboxLimitOptions.parse({ memory_mb: 512, wall_ms: 1000, wall_ceiling_ms: 5000 })
const ceilings = { ...defaultCeilings(options), memory_mb: 2048, cpus: 2 }
const mebibyte = 1024 * 1024

describe('the limits of a claim', () => {
  it('are the defaults where it asks for none', () => {
    expect(limitsOf(options, {})).toMatchObject({ memory_mb: 512, wallMilliseconds: 1000 })
  })

  it('are what it asks for, up to the ceiling itself', () => {
    const limits = limitsOf(options, { limits: { memory_mb: 2048, cpus: 1.5, output_kb: 1 }, ceilings })
    expect(limits).toMatchObject({ memory_mb: 2048, cpus: 1.5, outputBytes: 1024 })
    // The sandbox as a whole grows with what a program in it may use.
    expect(limits.sandboxMemoryBytes - limitsOf(options, {}).sandboxMemoryBytes).toBe((2048 - 512) * mebibyte)
  })

  it('are refused above the ceiling, with the limit, the value and the ceiling, each of them at once', () => {
    verifies('limits.refused-above')
    const ask = () => limitsOf(options, { limits: { memory_mb: 2049, cpus: 3, wall_ms: 5001 }, ceilings })
    expect(ask).toThrow(
      'wall_ms may be at most 5000 for this group, and 5001 was asked for; ' +
        'cpus may be at most 2 for this group, and 3 was asked for; ' +
        'memory_mb may be at most 2048 for this group, and 2049 was asked for.',
    )
    expect(ask).toThrow(expect.objectContaining({ code: 'invalid-request', parameter: 'wall_ms' }))
  })

  it('may not be above the defaults where there are no ceilings', () => {
    expect(() => limitsOf(options, { limits: { memory_mb: 513 } })).toThrow('memory_mb may be at most 512')
  })

  it.each(limitNames.flatMap((name) => [-1, 0, Number.NaN, Infinity, 2 ** 60].map((value) => [name, value] as const)))(
    'cannot be %s=%d',
    (name: LimitName, value) => {
      expect(() => limitsOf(options, { limits: { [name]: value }, ceilings })).toThrow(name)
    },
  )

  it.each(limitNames)('of %s are never above what a sandbox can have, whatever the ceiling', (name) => {
    const { most } = sandboxLimits[name]
    const unlimited = { ...ceilings, [name]: Infinity }
    expect(() => limitsOf(options, { limits: { [name]: most + 1 }, ceilings: unlimited })).toThrow(
      `${name} must be a ${name === 'cpus' ? '' : 'whole '}number from ${sandboxLimits[name].least} to ${most}, not ${most + 1}`,
    )
    expect(() => limitsOf(options, { limits: { [name]: most }, ceilings: unlimited })).not.toThrow()
  })

  it('are whole numbers but for the processors', () => {
    expect(() => limitsOf(options, { limits: { memory_mb: 1.5 } })).toThrow('memory_mb must be a whole number')
    expect(limitsOf(options, { limits: { cpus: 0.25 } }).cpus).toBe(0.25)
  })

  it('of a group whose ceiling is below a default are the ceiling', () => {
    verifies('limits.group-ceiling')
    const limits = limitsOf(options, { ceilings: { ...ceilings, memory_mb: 64, wall_ms: 200 } })
    expect(limits).toMatchObject({
      memory_mb: 64,
      wallMilliseconds: 200,
      wallCeilingMilliseconds: 200,
    })
  })

  it('need a sandbox of their own where more differs than the wall time', () => {
    const usual = limitsOf(options, {})
    expect(sameIsolation(usual, limitsOf(options, { limits: { wall_ms: 5000 } }))).toBe(true)
    for (const name of limitNames.filter((one) => one !== 'wall_ms' && one !== 'cpus')) {
      const lower = limitsOf(options, { limits: { [name]: options[name] - 1 } })
      expect({ name, same: sameIsolation(usual, lower) }).toEqual({ name, same: false })
    }
  })
})

describe('the limits of a sandbox', () => {
  it('leave room for the interpreter and gVisor: with less no sandbox starts', () => {
    expect(() => sandboxLimitOptions.parse({ memory_reserve_mb: 127 })).toThrow('>=128')
    expect(sandboxLimitOptions.parse({ memory_reserve_mb: 128 }).memory_reserve_mb).toBe(128)
  })

  it('are in bytes and counts, and the whole has room for a full program beside full disks', () => {
    const given = { memory_mb: 100, memory_reserve_mb: 150, data_mb: 3, temporary_mb: 4, processes: 40, output_kb: 5 }
    const more = { result_kb: 6, file_mb: 2, open_files: 130, results: 7, table_rows: 8, pixels: 1e6, artifacts: 9 }
    const wall = { wall_ms: 1000, wall_ceiling_ms: 5000, cpus: 2 }
    expect(createLimits(sandboxLimitOptions.parse({ ...given, ...more, ...wall }))).toEqual({
      wallMilliseconds: 1000,
      wallCeilingMilliseconds: 5000,
      cpus: 2,
      memory_mb: 100,
      sandboxMemoryBytes: 257 * mebibyte,
      processes: 40,
      hostTasks: 576,
      openFiles: 130,
      fileBytes: 2 * mebibyte,
      dataBytes: 3 * mebibyte,
      temporaryBytes: 4 * mebibyte,
      outputBytes: 5 * 1024,
      resultBytes: 6 * 1024,
      results: 7,
      tableRows: 8,
      pixels: 1e6,
      artifacts: 9,
    })
  })

  it.each([
    [0.5, 1],
    [1, 1],
    [1.9, 1],
    [2, 2],
    [3.5, 3],
  ])('give libraries on %d processors %d threads', (cpus, threads) => {
    expect(threadsOf({ cpus })).toBe(threads)
  })
})

describe('limits that took', () => {
  const limits = limitsOf(options, {})
  const { sandboxMemoryBytes, hostTasks, cpus } = limits
  const applied = { sandboxMemoryBytes, memoryAndSwapBytes: sandboxMemoryBytes, hostTasks, cpus }

  it.each([
    ['exactly', {}],
    ['tighter', { sandboxMemoryBytes: 1, memoryAndSwapBytes: 1, hostTasks: 1, cpus: 0.1 }],
    ['with no swap accounted', { memoryAndSwapBytes: null }],
    ['with processors rounded', { cpus: cpus + 0.01 }],
  ])('have no shortfall: %s', (_what, differing) => {
    expect(limitShortfalls(limits, { ...applied, ...differing })).toEqual([])
  })

  it.each([
    [
      { sandboxMemoryBytes: sandboxMemoryBytes + 1 },
      `memory is limited to ${sandboxMemoryBytes + 1}, not ${sandboxMemoryBytes} bytes`,
    ],
    [{ sandboxMemoryBytes: null }, `memory is limited to nothing, not ${sandboxMemoryBytes} bytes`],
    [
      { memoryAndSwapBytes: sandboxMemoryBytes + 1 },
      `memory and swap are limited to ${sandboxMemoryBytes + 1}, not ${sandboxMemoryBytes} bytes`,
    ],
    [{ hostTasks: hostTasks + 1 }, `host tasks are limited to ${hostTasks + 1}, not ${hostTasks}`],
    [{ hostTasks: null }, `host tasks are limited to nothing, not ${hostTasks}`],
    [{ cpus: cpus + 0.02 }, `processors are limited to ${cpus + 0.02}, not ${cpus}`],
    [{ cpus: null }, `processors are limited to nothing, not ${cpus}`],
    [{ cpus: 'unreadable' as const }, 'processors are limited to what cannot be read here'],
    [{ sandboxMemoryBytes: 'unreadable' as const }, 'memory is limited to what cannot be read here'],
    [{ memoryAndSwapBytes: 'unreadable' as const }, 'memory and swap are limited to what cannot be read here'],
    [{ hostTasks: 'unreadable' as const }, 'host tasks are limited to what cannot be read here'],
  ])('fall short alone where the kernel has %j', (differing, sentence) => {
    expect(limitShortfalls(limits, { ...applied, ...differing })).toEqual([sentence])
  })

  it.each(['sandboxMemoryBytes', 'memoryAndSwapBytes', 'hostTasks', 'cpus'] as const)(
    'may have a %s that nobody can read where the driver says so, yet none that is too high',
    (name) => {
      expect(limitShortfalls(limits, { ...applied, [name]: 'unreadable' }, [name])).toEqual([])
      expect(limitShortfalls(limits, { ...applied, [name]: 2 ** 50 }, [name])).toHaveLength(1)
      expect(lackedWalls[name]).toMatch(/cannot be read back here/)
    },
  )
})
