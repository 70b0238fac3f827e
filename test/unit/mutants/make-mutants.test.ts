import { describe, expect, it } from 'vitest'
import { makeMutants } from '../../mutants/make-mutants.ts'
import { applyMutant } from '../../mutants/mutant.ts'

/** Every text that one fault makes of this one. */
function faultsOf(text: string): readonly string[] {
  return makeMutants('a.ts', text).map((mutant) => applyMutant(text, mutant))
}

describe('a fault', () => {
  it.each([
    ['moves a boundary', 'f(a < b)', ['f(a <= b)']],
    ['moves a boundary', 'f(a >= b)', ['f(a > b)']],
    ['turns an equality round', 'f(a === b)', ['f(a !== b)']],
    ['puts || for && and back', 'f(a && b)', ['f(a || b)']],
    ['puts || for && and back', 'f(a || b)', ['f(a && b)']],
    ['has no fallback', 'f(a ?? b)', ['f(a)']],
    ['calculates otherwise', 'f(a + b)', ['f(a - b)']],
    ['calculates otherwise', 'a -= b', ['a += b']],
    ['negates a condition', 'if (a) {}', ['if (!(a)) {}']],
    ['negates a condition', 'f(a ? b : c)', ['f(!(a) ? b : c)']],
    ['leaves a negation out', 'if (!a) {}', ['if (a) {}']],
    ['never enters a loop', 'while (a) {}', ['while (false) {}']],
    ['never enters a loop', 'for (; a; ) {}', ['for (; false; ) {}']],
    ['drops a statement', '{ f(a) }', ['{ ; }']],
    ['drops a throw', 'throw a', [';']],
    ['leaves a function at once', 'function f() { return a }', ['function f() { return; return a }']],
    ['takes another number', 'f(1_000)', ['f(1001)']],
    ['takes another number', 'f(0.5)', ['f(1)']],
    ['takes the other truth', 'f(true)', ['f(false)']],
    ['empties a text', "f('a')", ["f('')"]],
    ['fills an empty text', "f('')", ["f('mutant')"]],
    ['empties a template', 'f(`a ${b}`)', ['f(``)']],
    ['drops an anchor of a pattern', 'f(/^a$/i)', ['f(/a$/i)', 'f(/^a/i)']],
    ['drops an element', 'f([a, ...b])', ['f([...b])', 'f([a])']],
    [
      'takes the greater for the least, or one for both',
      'f(Math.min(a, b))',
      ['f(Math.max(a, b))', 'f((a))', 'f((b))'],
    ],
    ['does not filter', 'f(a.filter(b))', ['f(a)']],
    ['asks for all where one is enough', 'f(a.some(b))', ['f(a.every(b))']],
  ])('%s: %s', (_what, text, faults) => {
    // The call around each is a statement that can be dropped as well.
    expect(faultsOf(text).filter((fault) => fault !== ';' || text.startsWith('throw'))).toEqual(faults)
  })

  it.each([
    ['a type', "type A = 'a' | 1; interface B { c: 'd' }; let e: 'f'; const h = f<'g'>(i)"],
    ['an import', "import { a } from './a.ts'; export { b } from './b.ts'; const c = import('./c.ts')"],
    ['the name of a member', "const a = { 'b-c': d, 1: e }"],
    ['what a class hands to its parent', "class A extends B { constructor() { super('a') } }"],
    ['a tagged template', 'const a = b`c`'],
    ['a directive', "'use strict'"],
    ['texts that are put together', "const a = b + 'c'", ["const a = b + ''"]],
    ['the pattern of an assignment', '[a, b] = c', [';']],
  ])('leaves %s as it is', (_what, text, others = [] as string[]) => {
    expect(faultsOf(text)).toEqual(others)
  })

  it('has the place and both texts of its change', () => {
    expect(makeMutants('src/a.ts', 'const a = 1\nconst b = a < 2')).toEqual([
      { file: 'src/a.ts', kind: 'literal', start: 10, end: 11, line: 1, before: '1', after: '2' },
      { file: 'src/a.ts', kind: 'boundary', start: 24, end: 25, line: 2, before: '<', after: '<=' },
      { file: 'src/a.ts', kind: 'literal', start: 26, end: 27, line: 2, before: '2', after: '3' },
    ])
  })
})
