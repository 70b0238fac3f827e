import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codeValidatorOptions, ruleCategories } from '../../../src/validators/options.ts'
import { createPythonValidator } from '../../../src/validators/python/python-validator.ts'
import { corpus } from '../../support/corpora.ts'

interface Rows {
  readonly refused: readonly { readonly code: string; readonly rules: readonly string[] }[]
  readonly accepted: readonly string[]
}

const rows = JSON.parse(readFileSync(new URL('../../attack/python-source.json', import.meta.url), 'utf8')) as Rows
const never = new AbortController().signal
const strict = createPythonValidator(codeValidatorOptions.parse({ forbid: [...ruleCategories] }))
const standard = createPythonValidator(codeValidatorOptions.parse({}))

async function rulesOf(code: string, validator = strict): Promise<readonly string[]> {
  const verdict = await validator.validate(code, never)
  return verdict.kind === 'refused' ? verdict.findings.map((finding) => finding.rule) : []
}

describe('the Python validator', () => {
  it.each(rows.refused)('refuses $code', async ({ code, rules }) => {
    expect(await rulesOf(code)).toEqual(rules)
  })

  it.each(rows.accepted)('accepts %s', async (code) => {
    const verdict = await strict.validate(code, never)
    expect(verdict).toMatchObject({ kind: 'accepted', value: { language: 'python', text: code } })
  })

  it('points at the line and column, in UTF-16 units', async () => {
    const verdict = await strict.validate("x = 1\ny = '😀'; eval('1')", never)
    expect(verdict).toMatchObject({ findings: [{ rule: 'python/dynamic-code', line: 2, column: 11 }] })
  })

  it('says what is allowed instead', async () => {
    const verdict = await strict.validate('import requests', never)
    const [finding] = verdict.kind === 'refused' ? verdict.findings : []
    expect(finding?.message).toBe(
      '"requests" reaches for the network, and there is none here; work with the files in /mnt/data.',
    )
  })

  it('lets a group allow a category, and keeps the parse check when all are allowed', async () => {
    const parseOnly = createPythonValidator(codeValidatorOptions.parse({ forbid: [] }))
    expect(await rulesOf('import subprocess', parseOnly)).toEqual([])
    expect(await rulesOf('def f(:', parseOnly)).toEqual(['python/syntax'])
    const network = createPythonValidator(codeValidatorOptions.parse({ forbid: ['network'] }))
    expect(await rulesOf('import subprocess\nimport socket', network)).toEqual(['python/network'])
  })

  it('refuses a source that is too long, too deep or too slow to read, without harm to the next', async () => {
    const small = createPythonValidator(codeValidatorOptions.parse({ maximum_source_bytes: 1000 }))
    expect(await rulesOf('x = 1\n'.repeat(200), small)).toEqual(['source/too-long'])
    expect(await rulesOf(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`)).toEqual(['source/too-deep'])
    expect(await rulesOf(`${'not '.repeat(50_000)}1`)).toEqual(['source/too-deep'])
    const impatient = createPythonValidator(codeValidatorOptions.parse({ parse_deadline_ms: 10 }))
    const slow = 'f(a, b=[1, {2: 3}]) + '.repeat(11_000)
    expect(await rulesOf(`x = ${slow}1`, impatient)).toEqual(['source/too-complex'])
    expect(await rulesOf('x = 1', impatient)).toEqual([])
  })

  it('stops when the caller has gone', async () => {
    await expect(strict.validate('x = 1', AbortSignal.abort())).rejects.toThrow('aborted')
  })

  const humanEval = corpus('workloads/humaneval.jsonl')
  it.skipIf(humanEval === null)('accepts every canonical solution of HumanEval by default', async () => {
    const problems = readFileSync(humanEval ?? '', 'utf8')
      .trim()
      .split('\n')
    const refused: string[] = []
    for (const line of problems) {
      const problem = JSON.parse(line) as Record<'prompt' | 'canonical_solution' | 'test' | 'task_id', string>
      const rules = await rulesOf(`${problem.prompt}${problem.canonical_solution}\n${problem.test}`, standard)
      if (rules.length > 0) refused.push(`${problem.task_id}: ${rules.join(', ')}`)
    }
    expect(problems.length).toBe(164)
    expect(refused).toEqual([])
  })
})
