import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { shippedRulesOver } from '../../../support/policy/bundles.ts'
import { grantInput } from '../../../support/policy/inputs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('sallyport-policy-')
})

const run = (words: readonly string[]) => runCommand(['policy', ...words], { workingDirectory: folder })

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A bundle that closes after six in the evening. */
function closingBundle(): string {
  const organization = [{ id: 'evening', hours: [18, 24], refuse: 'Closed.' }]
  const layers = { organization, tenants: {}, groups: {}, tenant_of: {} }
  const data = { layers, limits: {}, patterns: {}, answers: {}, actions: {} }
  return file('closing.tar.gz', shippedRulesOver(data, 'closing'))
}

const question = (hour: number) =>
  JSON.stringify({ decision: 'grant', input: grantInput({ time: { ...grantInput().time, hour } }) })

describe('policy check', () => {
  it('says that the rules in force can be used, and what is wrong with others', async () => {
    expect(await run(['check'])).toMatchObject({
      exitCode: 0,
      stdout: 'The rules can be used; they have 0 patterns.\n',
    })
    const broken = await run(['check', file('broken.tar.gz', 'no archive')])
    expect(broken.exitCode).toBe(2)
    expect(broken.stderr).toContain('it is no gzipped archive')
  })
})

describe('policy explain', () => {
  it('says what rules make of a question, and ends with 3 where they refuse', async () => {
    const evening = file('evening.json', question(20))
    expect(await run(['explain', evening])).toMatchObject({ exitCode: 0, stdout: 'grant allowed\n' })
    expect(await run(['explain', evening, '--bundle', closingBundle()])).toMatchObject({
      exitCode: 3,
      stdout: 'grant refused: Closed. [organization/evening]\n',
    })
  })

  it('refuses what is no question', async () => {
    const asked = await run(['explain', file('x.json', '{"decision":"grant","input":{}}')])
    expect(asked.exitCode).toBe(2)
    expect(asked.stderr).toContain('Question 1 is none of a recording')
  })
})

describe('policy simulate', () => {
  it('lists what changes of a thousand recorded decisions', async () => {
    verifies('policy.simulate')
    const hours = Array.from({ length: 1_000 }, (_, at) => at % 24)
    const recording = file('recording.jsonl', `${hours.map(question).join('\n')}\n`)
    const simulated = await run(['simulate', recording, '--bundle', closingBundle(), '--output', 'json'])
    const { questions, changes } = JSON.parse(simulated.stdout) as {
      readonly questions: number
      readonly changes: readonly { readonly line: number; readonly after: object }[]
    }
    expect(questions).toBe(1_000)
    expect(changes.map(({ line }) => line)).toEqual(hours.flatMap((hour, at) => (hour >= 18 ? [at + 1] : [])))
    expect(changes[0]?.after).toMatchObject({
      outcome: 'refused',
      revision: 'closing',
      rules: ['organization/evening'],
    })
    const text = await run(['simulate', recording, '--bundle', closingBundle()])
    expect(text.stdout).toMatch(/^19: grant allowed\n {2}→ grant refused: Closed\. \[organization\/evening\]\n/)
    expect(text.stdout).toContain(`${changes.length} of 1000 decisions change.\n`)
  })
})

describe('policy schema', () => {
  it.each(['grant', 'payload', 'action', 'content'])('prints what the %s is asked and may answer', async (decision) => {
    const { stdout } = await run(['schema', decision])
    expect(JSON.parse(stdout)).toMatchObject({ input: { type: 'object' }, output: { oneOf: [{}, {}] } })
  })
})
