import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runInNewContext } from 'node:vm'
import {
  createJavaScriptValidator,
  createTypeScriptValidator,
} from '../../../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions, ruleCategories } from '../../../../src/validators/options.ts'

interface Rows {
  readonly refused: readonly { readonly code: string; readonly rules: readonly string[] }[]
  readonly accepted: readonly string[]
}

const rows = JSON.parse(
  readFileSync(new URL('../../../attack/javascript-source.json', import.meta.url), 'utf8'),
) as Rows
const never = new AbortController().signal
const strict = createJavaScriptValidator(codeValidatorOptions.parse({ forbid: [...ruleCategories], profile: 'strict' }))

const standard = createJavaScriptValidator(codeValidatorOptions.parse({}))
const typescript = createTypeScriptValidator(codeValidatorOptions.parse({}))

async function rulesOf(code: string, validator = strict): Promise<readonly string[]> {
  const verdict = await validator.validate(code, never)
  return verdict.kind === 'refused' ? verdict.findings.map((finding) => finding.rule) : []
}

describe('the JavaScript validator', () => {
  it.each(rows.refused)('refuses $code', async ({ code, rules }) => {
    expect(await rulesOf(code)).toEqual(rules)
  })

  it.each(rows.accepted)('accepts %s', async (code) => {
    expect(await rulesOf(code)).toEqual([])
  })

  it('runs TypeScript without its types, on the lines where it stood', async () => {
    const code = 'const total: number = 1\n\ntotal satisfies number'
    const verdict = await strict.validate(code, never)
    const text = verdict.kind === 'accepted' ? verdict.value.text : ''
    expect(text).toBe('const total = 1;\n\ntotal;')
  })

  it('checks the rules on what TypeScript becomes', async () => {
    expect(await rulesOf("const x: number = 1; fetch('x' as string)")).toEqual(['javascript/network'])
  })

  it('points at the line and column of a syntax error', async () => {
    const verdict = await strict.validate('const a = 1\nconst b = = 2', never)
    expect(verdict).toMatchObject({ findings: [{ rule: 'javascript/syntax', line: 2, column: 11 }] })
  })

  it('refuses what nests too deep, and reads the next source as ever', async () => {
    expect(await rulesOf(`${'('.repeat(100_000)}1${')'.repeat(100_000)}`)).toEqual(['source/too-deep'])
    expect(await rulesOf(`${'!'.repeat(2_000)}1`)).toEqual(['source/too-deep'])
    expect(await rulesOf('1')).toEqual([])
  })

  it('keeps the parse check when every category is allowed', async () => {
    const parseOnly = createJavaScriptValidator(codeValidatorOptions.parse({ forbid: [] }))
    expect(await rulesOf("require('net')", parseOnly)).toEqual([])
    expect(await rulesOf('let = ;', parseOnly)).toEqual(['javascript/syntax'])
  })
  it.each([
    'using x = open()',
    'await using x = open()\nx',
    '{ using x = open() }',
    'for (using x of []) {}',
    'class A { accessor q = 1 }',
    'const dec = (value) => value\n@dec class A { @dec m() {} }',
    'import x from "node:fs" with { type: "json" }',
    '/(?i:a)[\\p{L}--[a-z]]/v',
    'class A { static { this.y = 2 } #x = 1; has(o) { return #x in o } }',
  ])('G7: reads JavaScript up to ES2026, where V8 does not know it as well: %s', async (code) => {
    expect(await rulesOf(code, standard)).toEqual([])
  })

  it.each(['new.target ?? 1', 'return 1', 'const = 2'])(
    'G7: refuses a text that is not a program: %s',
    async (code) => {
      expect(await rulesOf(code, standard)).toEqual(['javascript/syntax'])
    },
  )

  it.each([
    'import("node:fs")',
    'require(name)',
    'if (require.main === module) main()',
    'process.exit(0)',
    'process.argv.slice(2), process.env.HOME',
    "const { performance } = require('node:perf_hooks')",
    'const o = { __proto__: null }',
    'new this.constructor()',
    "require('v8').serialize({})",
  ])('W10: accepts what the sandbox is the wall for anyway; the strict profile says why: %s', async (code) => {
    expect(await rulesOf(code, standard)).toEqual([])
    expect(await rulesOf(code)).not.toEqual([])
  })

  it.each([
    "require('child_process')",
    'import("node:net")',
    'fetch("x")',
    'process.binding("fs")',
    '({}).constructor.constructor("x")()',
  ])('W10: refuses %s under every profile', async (code) => {
    expect(await rulesOf(code, standard)).not.toEqual([])
  })
})

/** What a program of TypeScript comes to, with `values` as its globals. */
async function meaning(source: string, values: Record<string, unknown> = {}): Promise<unknown> {
  const verdict = await typescript.validate(source, never)
  if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
  return runInNewContext(verdict.value.text, { ...values })
}

describe('the TypeScript validator', () => {
  it('G5: reads a source as TypeScript, never as JavaScript first', async () => {
    const code = 'function first<T>(all: T[]): T { return all[0]! }\nfirst<Date>([new Date(0)]).getTime()'
    expect(await meaning(code)).toBe(0)
    expect(await meaning('const first = (all) => all[0]\nfirst<Date>([7])')).toBe(7)
  })

  it.each([
    ['enums', 'enum Color { Red, Green = 5, Blue }\n[Color.Blue, Color[5]].join()', '6,Green'],
    ['constant enums', 'const enum A { X = "x" }\nA.X', 'x'],
    ['namespaces', 'namespace N { export const x = 1; export function f() { return x + 1 } }\nN.f()', 2],
    [
      'parameter properties',
      'class A { constructor(private readonly x: number, public y = 2) {} sum() { return this.x + this.y } }\nnew A(1).sum()',
      3,
    ],
    [
      'decorators',
      'function twice(f: () => number) { return function (this: A) { return 2 * f.call(this) } }\nclass A { @twice m() { return 4 } }\nnew A().m()',
      8,
    ],
    [
      'decorators of parameters',
      'const seen: number[] = []\nconst note = (_o: object, _k: unknown, index: number) => void seen.push(index)\nclass A { m(a: string, @note b: string) {} }\nseen.join()',
      '1',
    ],
    ['satisfies', 'const x = { a: 1 } satisfies Record<string, number>\nx.a', 1],
    [
      'abstract classes and overloads',
      'abstract class A { abstract n(): number; f(): number\n f(): number { return this.n() } }\nclass B extends A { n() { return 3 } }\nnew B().f()',
      3,
    ],
    ['assertions', 'const x = <any>1 as unknown as number\nx!', 1],
    ['imports of types', 'import type { A } from "a"\nimport { type B } from "b"\nconst x: A | B = 5 as never\nx', 5],
    ['import equals', 'import fs = require("node:fs")\nfs.name', 'fs'],
    ['accessors', 'class A { accessor x = 4 }\nnew A().x', 4],
    [
      'this types and generics',
      'class Box<in out T> { constructor(readonly value: T) {} map<U>(this: Box<T>, f: (v: T) => U) { return new Box<U>(f(this.value)) } }\nnew Box<number>(2).map<string>((v) => `${v}!`).value',
      '2!',
    ],
    [
      'resources',
      'const said: string[] = []\n{ using x = { [Symbol.dispose]() { said.push("b") } }; said.push("a") }\nsaid.join("")',
      'ab',
    ],
  ])('G5: runs %s', async (_, code, value) => {
    expect(await meaning(code, { require: () => ({ name: 'fs' }) })).toBe(value)
  })

  it.each([
    [
      'a declared one between',
      'class A {\n  a = 1\n  declare b: number\n  *gen() { yield 2 }\n}\n[...new A().gen()][0]',
      2,
    ],
    ['a computed one behind', 'class A {\n  a: number = 1;\n  b?: string\n  ["c"] = 3\n}\nnew A().c', 3],
    ['a modifier behind', 'class A {\n  private a\n  public static x = 2\n}\nA.x', 2],
    ['names that are words', 'class A {\n  static: number\n  async: number\n  get x() { return 4 }\n}\nnew A().x', 4],
  ])('G5: keeps class fields without semicolons apart (%s)', async (_, code, value) => {
    expect(await meaning(code)).toBe(value)
  })

  it('G5: keeps the line of what fails, and tells the place of what is refused in the source', async () => {
    const types = 'interface A {\n  x: number\n}\n\ntype B =\n  | 1\n  | 2\n'
    const thrown = await meaning(`${types}const s = \`a\n\nb\`\nnull!.x`).catch((error: Error) => error.stack)
    expect(thrown).toMatch(/evalmachine[^:]*:11\b/)
    const refused = await typescript.validate(`${types}const x: B = 1; fetch('x')`, never)
    expect(refused).toMatchObject({ findings: [{ rule: 'javascript/network', line: 8, column: 17 }] })
    const lowered = await typescript.validate(`using a = b()\n\nfetch('x')`, never)
    expect(lowered).toMatchObject({ findings: [{ rule: 'javascript/network', line: 3, column: 1 }] })
    expect(await typescript.validate('const a = 1\nlet b: = 2', never)).toMatchObject({
      findings: [{ rule: 'javascript/syntax', line: 2, column: 8 }],
    })
  })

  it.each(['const e = <div>{1}</div>', 'const f = () => <><b x="1" /></>\nf()'])(
    'G5: says of JSX what it is: %s',
    async (code) => {
      for (const validator of [typescript, standard]) {
        const verdict = await validator.validate(code, never)
        const message = expect.stringContaining('JSX needs a library such as React')
        expect(verdict).toMatchObject({ findings: [{ rule: 'javascript/syntax', message }] })
      }
    },
  )

  it('G5: refuses what nests too deep', async () => {
    expect(await rulesOf(`const x: number = ${'('.repeat(50_000)}1${')'.repeat(50_000)}`, typescript)).toEqual([
      'source/too-deep',
    ])
  })
})
