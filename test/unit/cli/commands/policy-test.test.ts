import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { shippedRulesOver } from '../../../support/policy/bundles.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const examples = resolve(import.meta.dirname, '../../../../docs/examples/policies')

let folder: string
beforeEach(() => {
  folder = temporaryFolder('sallyport-policy-')
})

const run = (words: readonly string[]) => runCommand(['policy', 'test', ...words], { workingDirectory: folder })

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** A program that says this as OPA does. */
function opaThat(says: string, status: number): string {
  const path = file('opa', `#!/bin/sh\nprintf '%s' '${says}'\nexit ${status}\n`)
  chmodSync(path, 0o755)
  return path
}

const good = `
- name: nothing is taken away
  decision: grant
  input: { principal: { group: interns }, time: { hour: 22 } }
  expect: { allow: true, rules: [], restrict: [] }
- name: a query runs
  decision: action
  expect: { allow: true, ask: false }
`

const bad = `
- name: nobody asks at night
  decision: grant
  input: { time: { hour: 23 } }
  expect: { allow: false, rules: [organization/night], reason: No. }
`

describe('policy test', () => {
  it('asks the cases of files and folders, in YAML and JSON', async () => {
    verifies('policy.cases')
    file('rules/deep/good.cases.yaml', good)
    file('rules/one.cases.json', JSON.stringify([{ name: 'x', decision: 'payload', expect: { allow: true } }]))
    file('rules/notes.yaml', 'not: [of, cases]')
    expect(await run(['rules'])).toMatchObject({ exitCode: 0, stdout: '3 of 3 cases are as expected.\n' })
    expect(await run(['rules/one.cases.json'])).toMatchObject({ exitCode: 0 })
  })

  it('says what is not as expected, member by member, and ends with 1', async () => {
    verifies('policy.cases')
    const path = file('bad.cases.yml', bad)
    const tested = await run([path])
    expect(tested.exitCode).toBe(1)
    expect(tested.stdout).toBe(
      [
        `${path}: nobody asks at night`,
        '  allow: expected false, got true',
        '  reason: expected "No.", got null',
        '  rules: expected ["organization/night"], got []',
        '0 of 1 cases are as expected.\n',
      ].join('\n'),
    )
    const { stdout } = await run([path, '--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      cases: [
        { file: path, name: 'nobody asks at night', wrong: [{ member: 'allow', expected: false, got: true }, {}, {}] },
      ],
      rego: [],
    })
  })

  it('asks the rules of a bundle about bodies, as its patterns read them', async () => {
    verifies('policy.cases')
    const data = JSON.parse(readFileSync(join(examples, 'injection.json'), 'utf8')) as object
    const bundle = file('example.tar.gz', shippedRulesOver(data, 'example'))
    const tested = await run([examples, '--bundle', bundle])
    expect(tested).toMatchObject({ exitCode: 0, stdout: '4 of 4 cases are as expected.\n' })
    expect((await run([examples])).stdout).toContain('1 of 4 cases are as expected.')
  })

  it.each([
    ['no YAML', '- name: [', 'is no YAML'],
    ['no list', 'name: x', 'is no list of cases'],
    ['empty', '[]', 'is no list of cases'],
    ['of a decision that there is not', '[{name: x, decision: grants, expect: {allow: true}}]', 'decision'],
    ['without what is expected', '[{name: x, decision: grant}]', 'expect'],
    ['of an expectation nobody knows', '[{name: x, decision: grant, expect: {allow: true, rule: [a]}}]', 'rule'],
    ['of a misspelled question', '[{name: x, decision: grant, input: {tme: {}}, expect: {allow: true}}]', '"tme"'],
    [
      'of an hour that there is not',
      '[{name: x, decision: grant, input: {time: {hour: 24}}, expect: {allow: true}}]',
      'time.hour',
    ],
  ])('refuses cases that are %s, by the file', async (_what, text, says) => {
    const path = file('x.cases.yaml', text)
    const tested = await run([path])
    expect(tested.exitCode).toBe(2)
    expect(tested.stderr).toContain(path)
    expect(tested.stderr).toContain(says)
  })

  it('refuses a folder without tests, and one that is not there', async () => {
    file('rules/rule.rego', 'package x')
    expect((await run(['rules'])).stderr).toContain('There are no tests in rules.')
    expect(await run(['gone'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('gone cannot be read') })
  })
})

describe('tests in Rego', () => {
  beforeEach(() => void file('rules/x_test.rego', 'package x_test'))
  const passed = '[{"package":"data.x_test","name":"test_a"},{"package":"data.x_test","name":"test_b","skip":true}]'
  const failed = '[{"package":"data.x_test","name":"test_a"},{"package":"data.x_test","name":"test_b","fail":true}]'

  it('are run by OPA, and count with the cases', async () => {
    expect(await run(['rules', '--opa', opaThat(passed, 0)])).toMatchObject({
      exitCode: 0,
      stdout: '2 of 2 tests in Rego do not fail.\n',
    })
    file('rules/good.cases.yaml', good)
    expect(await run(['rules', '--opa', opaThat(failed, 2)])).toMatchObject({
      exitCode: 1,
      stdout: 'data.x_test.test_b fails\n2 of 2 cases are as expected.\n1 of 2 tests in Rego do not fail.\n',
    })
  })

  it('that OPA cannot read are refused with what it says', async () => {
    const tested = await run(['rules', '--opa', opaThat('1 error occurred: x_test.rego:1: rego_parse_error', 1)])
    expect(tested.exitCode).toBe(2)
    expect(tested.stderr).toContain('rego_parse_error')
  })

  it('are not passed over where there is no OPA: it says what to do', async () => {
    const without = await run(['rules', '--opa', join(folder, 'not-here')])
    expect(without.exitCode).toBe(2)
    expect(without.stderr).toContain('The tests in Rego need OPA')
    expect(without.stderr).toContain('--cases')
    file('rules/good.cases.yaml', good)
    expect(await run(['rules', '--cases'])).toMatchObject({ exitCode: 0, stdout: '2 of 2 cases are as expected.\n' })
  })
})
