import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventFields } from '../../../../src/sandbox/detection/event-types.ts'
import { loadRules } from '../../../../src/sandbox/detection/load-rules.ts'
import type { Expression } from '../../../../src/sandbox/detection/rules/rule.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fieldsIn = (expression: Expression): readonly string[] =>
  'of' in expression ? expression.of.flatMap((part) => fieldsIn(part)) : [expression.field]

describe('the rules that come with Sallyport', () => {
  it('are at least 25, and say for each what it is about and by which technique it is known', async () => {
    const rules = await loadRules({ rules: [], own_rules: true })
    expect(rules.length).toBeGreaterThanOrEqual(25)
    for (const { name, description, tags, output } of rules) {
      expect({ name, hasDescription: description.length > 20, hasTags: tags.length > 0 }).toEqual({
        name,
        hasDescription: true,
        hasTags: true,
      })
      expect(output).toMatch(/%/)
    }
  })

  it('let nothing pass by the name that a process gives itself', async () => {
    const rules = await loadRules({ rules: [], own_rules: true })
    expect(rules.filter(({ condition }) => fieldsIn(condition).includes('proc.name')).map(({ name }) => name)).toEqual(
      [],
    )
    expect([...eventFields.keys()]).toContain('proc.name')
  })
})

describe('rule files of an operator', () => {
  const good = '- rule: Mine\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: info\n'

  it('stand beside ours or alone', async () => {
    const file = join(folder, 'mine.yaml')
    await writeFile(file, good)
    const [beside, alone] = await Promise.all([
      loadRules({ rules: [file], own_rules: true }),
      loadRules({ rules: [file], own_rules: false }),
    ])
    expect(alone.map(({ name, priority }) => ({ name, priority }))).toEqual([
      { name: 'Mine', priority: 'informational' },
    ])
    expect(beside.at(-1)?.name).toBe('Mine')
    expect(beside.length).toBeGreaterThan(25)
  })

  it('are refused by their path, and with them the start', async () => {
    const file = join(folder, 'bad.yaml')
    await writeFile(file, good.replace('evt.type = open', 'evt.type = open and proc.tty = 1'))
    await expect(loadRules({ rules: [file], own_rules: true })).rejects.toMatchObject({
      code: 'invalid-config',
      message: `${file}: rule "Mine": the field "proc.tty" is not understood`,
    })
    await expect(loadRules({ rules: [join(folder, 'none.yaml')], own_rules: true })).rejects.toThrow('cannot be read')
    await expect(loadRules({ rules: [], own_rules: false })).rejects.toThrow('no rule is in force')
    const again = join(folder, 'again.yaml')
    await writeFile(again, good.replace('Mine', 'Root changed'))
    await expect(loadRules({ rules: [again], own_rules: true })).rejects.toThrow('two rules called "Root changed"')
  })
})
