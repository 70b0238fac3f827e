import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { wrapTopLevelAwait } from '../../../../src/sandbox/isolates/top-level-await.ts'

/** What a program gives, and what the next run of the session then sees of it. */
async function play(source: string, next: string): Promise<{ value: unknown; next: unknown }> {
  const context = {}
  const value: unknown = await runInNewContext(wrapTopLevelAwait(source), context)
  return { value, next: runInNewContext(next, context) }
}

describe('a program that awaits at its top level', () => {
  it.each([
    ['await 1', '1', 1, 1],
    ['const x = await 2; x + 1', 'x', 3, 2],
    ['let a = await 1, b = a + 1; a + b', '[a, b].join()', 3, '1,2'],
    ['let unset; await 1', 'typeof unset', 1, 'undefined'],
    ['const { a, b: [c], ...rest } = await { a: 1, b: [2], d: 3 }; c', '[a, c, rest.d].join()', 2, '1,2,3'],
    ['const [a = 5, , ...[b]] = await [undefined, 0, 7]; a', '[a, b].join()', 5, '5,7'],
    ['const { a: { b = 4 } = {} } = await {}; b', 'b', 4, 4],
    ['function f() { return g() }\nclass A { m = 6 }\nfunction g() { return 5 }\nawait f()', 'f() + new A().m', 5, 11],
    ['async function f() { return 4 }\nawait f()', 'typeof f', 4, 'function'],
    ['const f = (n) => n\nawait 1\nf(3)', 'f(4)', 3, 4],
    ["'use strict'; const x = await 2; x", 'x', 2, 2],
    ['const {} = await {}; const [] = await []; 3', '1', 3, 1],
    ['await 1, 2 // the value', '1', 2, 1],
    ['await 1;;', '1', undefined, 1],
    ['let n = 0; for await (const x of [1, 2]) n += x; n', 'n', 3, 3],
    ['let n = 0; for (const x of [await 1, 2]) n += x; n', 'n', 3, 3],
    ['if (true) { await 1 }', '1', undefined, 1],
    ['const o = { m: await 1, async n() { await 2 } }; o.m', 'o.m', 1, 1],
  ])('gives its value and leaves what it declared: %s', async (source, next, value, left) => {
    expect(await play(source, next)).toEqual({ value, next: left })
  })

  it.each([
    ['function f() { return 3 }const x = await f(); x', 'x + f()', 3, 6],
    ['class A { m = 2 }await new A().m', 'new A().m', 2, 2],
    [
      'function f() { return 1 }class A {}function g() { return 2 }await f() + g()',
      '[f(), g(), typeof A].join()',
      3,
      '1,2,function',
    ],
  ])('may have its statements side by side without a space: %s', async (source, next, value, left) => {
    expect(await play(source, next)).toEqual({ value, next: left })
  })

  it('reads what it declares in order, so that a later run may declare it again', async () => {
    const context = {}
    await runInNewContext(wrapTopLevelAwait('const x = await 1'), context)
    await runInNewContext(wrapTopLevelAwait('const x = await 2'), context)
    expect(runInNewContext('x', context)).toBe(2)
  })
})

describe('a program that does not', () => {
  it.each([
    'const x = 1; x',
    "'await'",
    'const f = async () => await 1; f()',
    'async function f() { await 1 }',
    'class A { async m() { for await (const x of []) x } }',
    'const o = { async m() { await 1 } }',
    'const awaited = 1',
    'for (const x of [1]) x // await',
  ])('is left as it is: %s', (source) => {
    expect(wrapTopLevelAwait(source)).toBe(source)
  })
})
