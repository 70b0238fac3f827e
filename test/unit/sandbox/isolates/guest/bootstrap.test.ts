import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../../../../src/sandbox/isolates/guest/bootstrap.ts'
import { createDescriptions } from '../../../../../src/sandbox/isolates/guest/descriptions.ts'

/** The globals of a context, over a process that is none and timers that never wait. */
function open(isFull: (stream: string) => boolean = () => false) {
  const written: string[] = []
  const told = { spoiled: 0, begun: 0 }
  const scope: Record<string, unknown> = { SharedArrayBuffer: 1, Atomics: 1, WebAssembly: 1, FinalizationRegistry }
  const [begin, describeValue] = bootstrap(
    {
      scope,
      write: (stream, text) => {
        written.push(`${stream}: ${text}`)
        return isFull(stream)
      },
      outputLimit: 10,
      spoil: () => (told.spoiled += 1),
    },
    createDescriptions(),
    { begin: () => (told.begun += 1), idle: () => Promise.resolve() },
  )
  const describe = async (value: unknown, maximum = 1_000) =>
    JSON.parse(await describeValue(value, maximum)) as Record<string, unknown>
  return { scope, console: scope.console as Console, written, told, begin, describe }
}

describe('the globals of a context', () => {
  it('have no memory that is shared, and no other machine', () => {
    const { scope } = open()
    expect(Object.keys(scope).filter((name) => /SharedArrayBuffer|Atomics|WebAssembly/.test(name))).toEqual([])
  })

  it('have finalizers, at the price of the isolate', () => {
    const { scope, told } = open()
    expect(told.spoiled).toBe(0)
    expect(scope.FinalizationRegistry).toBe(FinalizationRegistry)
    expect(told.spoiled).toBe(1)
  })

  it.each([
    ['log', 'stdout'],
    ['info', 'stdout'],
    ['debug', 'stdout'],
    ['dir', 'stdout'],
    ['table', 'stdout'],
    ['warn', 'stderr'],
    ['error', 'stderr'],
    ['trace', 'stderr'],
  ] as const)('print with console.%s to %s', (method, stream) => {
    const { console, written } = open()
    console[method]('a', [1])
    expect(written).toEqual([`${stream}: a [ 1 ]\n`])
  })

  it('print no more of a text than one character above what is kept', () => {
    const { console, written } = open()
    console.log('x'.repeat(10))
    console.log('x'.repeat(11))
    console.log('x'.repeat(1_000))
    expect(written).toEqual([10, 11, 11].map((length) => `stdout: ${'x'.repeat(length)}\n`))
  })

  it('print nothing more to a stream that is full, until the next run', () => {
    const { console, written, told, begin } = open((stream) => stream === 'stdout')
    for (const _ of [1, 2]) {
      console.log('a')
      console.error('b')
    }
    expect(written).toEqual(['stdout: a\n', 'stderr: b\n', 'stderr: b\n'])
    begin()
    console.log('c')
    expect([written.at(-1), told.begun]).toEqual(['stdout: c\n', 1])
  })

  it('opens either stream for the next run', () => {
    const { console, written, begin } = open(() => true)
    console.error('a')
    begin()
    console.error('b')
    expect(written).toEqual(['stderr: a\n', 'stderr: b\n'])
  })

  it('clone values that JSON can say, and undefined', () => {
    const clone = open().scope.structuredClone as (value: unknown) => unknown
    const value = { a: [1, { b: null }] }
    expect(clone(value)).toEqual(value)
    expect(clone(value)).not.toBe(value)
    expect(clone(undefined)).toBeUndefined()
  })
})

describe('the end of a run', () => {
  it.each([
    [undefined, { text: null, json: null, cut: false }],
    [Promise.resolve(undefined), { text: null, json: null, cut: false }],
    [null, { text: 'null', json: 'null', cut: false }],
    [Promise.resolve([1]), { text: '[ 1 ]', json: '[1]', cut: false }],
    [new Map(), { text: 'Map(0) { }', json: null, cut: false }],
  ])('is its value, once that is there (%#)', async (value, expected) => {
    expect(await open().describe(value)).toEqual({ end: 'completed', ...expected })
  })

  it.each([
    ['of as many characters as may be', 'x'.repeat(8), { text: 'x'.repeat(8), json: '"xxxxxxxx"', cut: false }],
    ['of as many that JSON cannot say', new Map(), { text: 'Map(0) { }', json: null, cut: false }],
    ['whose JSON is too long', 'x'.repeat(9), { text: 'x'.repeat(9), json: null, cut: true }],
    ['that is too long itself', 'x'.repeat(11), { text: 'x'.repeat(10), json: null, cut: true }],
    ['whose text alone is too long', [1, 2, 3], { text: '[ 1, 2, 3 ', json: '[1,2,3]', cut: true }],
  ])('is told as cut of a value %s', async (_what, value, expected) => {
    expect(await open().describe(value, 10)).toEqual({ end: 'completed', ...expected })
  })

  it.each([
    [
      new TypeError('wrong'),
      { name: 'TypeError', value: 'wrong', traceback: expect.stringContaining('TypeError: wrong') },
    ],
    ['a text', { name: 'Error', value: 'a text', traceback: '' }],
    [undefined, { name: 'Error', value: 'undefined', traceback: '' }],
    [{ a: 1 }, { name: 'Error', value: '{ a: 1 }', traceback: '' }],
  ])('is what was thrown (%#)', async (thrown, expected) => {
    expect(await open().describe(Promise.reject(thrown as Error))).toEqual({ end: 'raised', ...expected })
  })

  it('is told of an error that does not want to be read', async () => {
    const hostile = Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('y')
      },
    })
    const told = await open().describe(Promise.reject(hostile))
    expect(told).toMatchObject({ end: 'raised', name: 'Error', traceback: '' })
    expect(told.value).toEqual(expect.any(String))
  })

  it('is told of an error no longer than people read', async () => {
    const endless = new Error('m'.repeat(10_001))
    endless.name = 'n'.repeat(201)
    endless.stack = 's'.repeat(20_001)
    expect(await open().describe(Promise.reject(endless))).toEqual({
      end: 'raised',
      name: 'n'.repeat(200),
      value: 'm'.repeat(10_000),
      traceback: 's'.repeat(20_000),
    })
  })
})
