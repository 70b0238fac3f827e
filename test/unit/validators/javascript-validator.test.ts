import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createJavaScriptValidator } from '../../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions, ruleCategories } from '../../../src/validators/options.ts'

interface Rows {
  readonly refused: readonly { readonly code: string; readonly rules: readonly string[] }[]
  readonly accepted: readonly string[]
}

const rows = JSON.parse(readFileSync(new URL('../../attack/javascript-source.json', import.meta.url), 'utf8')) as Rows
const never = new AbortController().signal
const strict = createJavaScriptValidator(codeValidatorOptions.parse({ forbid: [...ruleCategories] }))

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

  it('runs TypeScript without its types, with every position kept', async () => {
    const code = 'const total: number = 1\ntotal satisfies number'
    const verdict = await strict.validate(code, never)
    const text = verdict.kind === 'accepted' ? verdict.value.text : ''
    expect(text).toHaveLength(code.length)
    expect(text).not.toContain('number')
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
})
