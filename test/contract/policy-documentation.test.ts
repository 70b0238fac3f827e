import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../support/cli/fake-sallyport.ts'
import { shippedRulesOver } from '../support/policy/bundles.ts'
import { buildBundle, noOpa, opaProgram, rulesWith } from '../support/policy/rules.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/policy.md'), 'utf8')
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language = '', text = '']) => ({ language, text }))
const textsIn = (language: string): readonly string[] =>
  blocks.filter((block) => block.language === language).map(({ text }) => text)
const why = noOpa === null ? '' : `: skipped, ${noOpa}`

/** The data of all examples of terms on the page, over data that says nothing. */
function dataOfPage(): Record<string, unknown> {
  const nothing = JSON.parse(readFileSync(join(root, 'policies/sallyport/data.json'), 'utf8')) as object
  return Object.assign({ ...nothing }, ...textsIn('json').map((text) => JSON.parse(text) as object)) as Record<
    string,
    unknown
  >
}

describe('the examples of docs/policy.md', () => {
  it('are of kinds that are tried here', () => {
    verifies('policy.documentation')
    expect([...new Set(blocks.map(({ language }) => language))].toSorted()).toEqual(['json', 'rego', 'yaml'])
    expect([textsIn('json').length, textsIn('rego').length, textsIn('yaml').length]).toEqual([4, 2, 1])
  })

  it('of terms decide as its cases say', async () => {
    verifies('policy.documentation')
    const folder = temporaryFolder('policy-')
    writeFileSync(join(folder, 'page.tar.gz'), shippedRulesOver(dataOfPage(), 'page'))
    writeFileSync(join(folder, 'page.cases.yaml'), textsIn('yaml').join('\n'))
    const words = ['policy', 'test', 'page.cases.yaml', '--bundle', join(folder, 'page.tar.gz')]
    expect(await runCommand(words, { workingDirectory: folder })).toMatchObject({
      exitCode: 0,
      stdout: '8 of 8 cases are as expected.\n',
    })
  })

  it.skipIf(noOpa !== null)(`of rules pass their tests, and make a bundle that can be used${why}`, async () => {
    verifies('policy.documentation')
    const [rule = '', test = ''] = textsIn('rego')
    const folder = rulesWith({ 'sallyport/own.rego': rule, 'tests/own_test.rego': test })
    const formatted = spawnSync(opaProgram, ['fmt', '--list', folder], { encoding: 'utf8' })
    expect(formatted).toMatchObject({ status: 0, stdout: '' })
    const words = ['policy', 'test', folder, '--opa', opaProgram]
    const tested = await runCommand(words, { workingDirectory: folder })
    expect(tested).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^(\d+) of \1 tests in Rego do not fail\.\n$/),
    })
    const checked = await runCommand(['policy', 'check', buildBundle(folder)], { workingDirectory: folder })
    expect(checked).toMatchObject({ exitCode: 0 })
  })
})
