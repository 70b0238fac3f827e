import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { OwnCode } from '../../../../src/provenance/analyst/copied-code.ts'
import { compactText } from '../../../../src/provenance/analyst/compact-text.ts'
import { RunReads } from '../../../../src/provenance/analyst/run-reads.ts'

/** Lets everything go that nobody holds. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  // What was reached weakly is held to the end of its job.
  await new Promise((resolve) => setImmediate(resolve))
  gc()
  // Buffers that were found to be nobody's are counted out by the next one.
  await new Promise((resolve) => setImmediate(resolve))
  gc()
}

describe('what a model has read', () => {
  it('counts from its next turn on, and has ids of this run alone', () => {
    const reads = new RunReads('req-1')
    const read = reads.add({ callId: 'c1', tool: 'run_sql', origin: 'row', text: 'secret words' })
    expect(read).toEqual({ id: 'req-1/read-1', callId: 'c1', tool: 'run_sql', origin: 'row' })
    expect([reads.isTainted, reads.version, reads.holding('secretwords')]).toEqual([false, 0, []])
    reads.nextTurn()
    expect([reads.isTainted, reads.version, reads.holding('secretwords')]).toEqual([true, 1, ['req-1/read-1']])
    reads.nextTurn()
    expect(reads.version).toBe(1)
  })

  it.each([
    ['operator', false],
    ['user', false],
    ['row', true],
    ['file', true],
    ['tool', true],
    ['model', true],
    ['web', true],
    ['unknown', true],
  ] as const)('is of somebody else where it comes from %s: %j', (origin, isTainted) => {
    const reads = new RunReads('r')
    reads.begin({ origin, text: '' })
    expect(reads.isTainted).toBe(isTainted)
    expect(reads.untrusted).toEqual(isTainted ? ['r/read-1'] : [])
  })

  it('is found wherever it stands, however much was read before and after it was first looked for', () => {
    const reads = new RunReads('r')
    const pageOf = (at: number) => Array.from({ length: 50 * (at + 1) }, (_, word) => `word${at}x${word}`).join(' ')
    for (let at = 0; at < 12; at += 1) {
      reads.add({ callId: `c${at}`, tool: 'run_sql', origin: 'row', text: pageOf(at) })
      reads.nextTurn()
      for (let earlier = 0; earlier <= at; earlier += 1) {
        expect(reads.holding(compactText(`word${earlier}x3 word${earlier}x4`))).toEqual([`r/read-${earlier + 1}`])
      }
      expect(reads.holding(compactText(`word${at + 1}x3 word${at + 1}x4`))).toEqual([])
    }
  })

  it('is found as before once what was made to look for it has gone', async () => {
    const reads = new RunReads('r')
    const own = new OwnCode()
    own.add('frame = load_table("a")')
    own.addWords('Run my_own_code(1)')
    const read = (text: string) => {
      reads.add({ callId: 'c', tool: 'run_sql', origin: 'row', text })
      reads.nextTurn()
    }
    const found = () => [
      reads.holding(compactText('first words of it')),
      reads.holding(compactText('second words of it')),
      own.holds(compactText('load_table("a")')),
      own.holds(compactText('my_own_code(1)')),
      own.hasRun([compactText('frame = load_table("a")')]),
      own.holds(compactText('load_table("b")')),
    ]
    read('the first words of it')
    expect(found()).toEqual([['r/read-1'], [], true, true, true, false])
    await collect()
    expect(found()).toEqual([['r/read-1'], [], true, true, true, false])
    await collect()
    read('the second words of it')
    expect(found()).toEqual([['r/read-1'], ['r/read-2'], true, true, true, false])
  })

  it('is held once, by whoever holds its conversation, while nothing is looked for', async () => {
    const text = Array.from({ length: 10_000 }, (_, at) => `word ${at}\n`).join('')
    const run = (at: number): RunReads => {
      const reads = new RunReads(`r${at}`)
      reads.begin({ origin: 'row', text })
      return reads
    }
    const runs = Array.from({ length: 20 }, (_, at) => run(at))
    await collect()
    const before = process.memoryUsage()
    for (const reads of runs) expect(reads.holding(compactText('word 12 word 13 word 14'))).toHaveLength(1)
    await collect()
    const { heapUsed, external } = process.memoryUsage()
    expect(heapUsed + external - before.heapUsed - before.external).toBeLessThan((runs.length * text.length) / 10)
  })

  it('is looked for in nothing that a person or the operator wrote', () => {
    const reads = new RunReads('r')
    reads.begin({ origin: 'user', text: 'theverysamewords' })
    reads.begin({ origin: 'row', text: 'theverysamewords' })
    expect(reads.holding('theverysamewords')).toEqual(['r/read-2'])
  })

  it('is told by ids and origins, never by what it says', () => {
    const reads = new RunReads('r')
    reads.begin({ origin: 'file', text: 'the secret' })
    reads.add({ callId: 'c', tool: 'run_python', origin: 'tool', text: 'the secret' })
    expect(JSON.stringify(reads.reads)).not.toContain('secret')
    expect(reads.reads).toHaveLength(2)
  })
})

it.each([
  [' a\n b\t', 'ab'],
  ['“x” ‘y’ `z`', '"x"y"z"'],
  [String.raw`\"a\"`, '"a"'],
  ['a\u200b\u202eb', 'ab'],
  ['', ''],
])('%j is compared as %j', (text, compact) => {
  expect(compactText(text)).toBe(compact)
})
