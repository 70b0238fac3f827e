import { describe, expect, it } from 'vitest'
import { verifies } from '../../../../support/verifies.ts'
import { parseRules } from '../../../../../src/sandbox/detection/rules/parse-rules.ts'

const rule = (condition: string, more = '') => `
- rule: A
  desc: d
  condition: ${condition}
  output: "o %proc.name"
  priority: WARNING
${more}`

const conditionOf = (condition: string, before = '') => parseRules(`${before}${rule(condition)}`)[0]?.condition

function refusal(text: string): string {
  try {
    parseRules(text)
  } catch (thrown) {
    return (thrown as Error).message
  }
  return 'taken'
}

describe('rules in the form of Falco', () => {
  it('come with their members, their fields and the events that they can hold for', () => {
    expect(parseRules(rule('evt.type in (open, openat) and fd.name = /etc/shadow', '  tags: [a, T1003]'))).toEqual([
      {
        name: 'A',
        description: 'd',
        priority: 'warning',
        tags: ['a', 'T1003'],
        output: 'o %proc.name',
        fields: ['proc.name'],
        condition: {
          op: 'and',
          of: [
            { op: 'in', field: 'evt.type', values: ['open', 'openat'] },
            { op: '=', field: 'fd.name', values: ['/etc/shadow'] },
          ],
        },
        types: ['open', 'openat'],
      },
    ])
  })

  it('bind "not" closest, then "and", then "or"', () => {
    expect(conditionOf('evt.type = open and not user.uid = 1 or evt.type = connect')).toEqual({
      op: 'or',
      of: [
        {
          op: 'and',
          of: [
            { op: '=', field: 'evt.type', values: ['open'] },
            { op: 'not', of: [{ op: '=', field: 'user.uid', values: ['1'] }] },
          ],
        },
        { op: '=', field: 'evt.type', values: ['connect'] },
      ],
    })
  })

  it('put macros and lists in, lists of lists too', () => {
    const before = `
- list: few
  items: [open, creat]
- list: more
  items: [few, openat]
- macro: opened
  condition: evt.type in (more, openat2)
`
    expect(conditionOf('opened and fd.name exists', before)).toEqual({
      op: 'and',
      of: [
        { op: 'in', field: 'evt.type', values: ['open', 'creat', 'openat', 'openat2'] },
        { op: 'exists', field: 'fd.name' },
      ],
    })
  })

  it('keep quoted words as they are, list names and brackets in them included', () => {
    const before = '\n- list: few\n  items: [a, b]\n'
    expect(conditionOf(`evt.type = open and fd.name in ("few", few, 'a (b), c', "say \\"x\\"")`, before)).toMatchObject(
      {
        of: [{}, { values: ['few', 'a', 'b', 'a (b), c', 'say "x"'] }],
      },
    )
  })

  it('name events as the trace tells them, since no rule would hold for a name that is never told', () => {
    expect(parseRules(rule('evt.type in (execveat, fork)'))[0]).toMatchObject({
      types: ['execve', 'clone'],
      condition: { values: ['execve', 'clone'] },
    })
  })

  it('have numbers in one form, which are compared as texts', () => {
    expect(conditionOf('evt.type = setuid and user.uid in (0x3e9, 007)')).toMatchObject({
      of: [{}, { values: ['1001', '7'] }],
    })
  })

  it('are left out where they are not enabled, and read all the same', () => {
    expect(parseRules(rule('evt.type = open', '  enabled: false'))).toEqual([])
    expect(refusal(rule('evt.type = open and a.b = 1', '  enabled: false'))).toContain('a.b')
  })
})

describe('what is not understood is refused by its name', () => {
  verifies('detection.rules')
  it.each([
    ['a member of an item', rule('evt.type = open', '  exceptions: []'), 'rule "A": "exceptions" is not understood'],
    ['a rule that changes another', rule('evt.type = open', '  append: true'), 'rule "A": "append" is not understood'],
    ['another source', rule('evt.type = open', '  source: k8s_audit'), 'rule "A": its source is not "syscall"'],
    ['a field', rule('evt.type = open and proc.aname[2] = x'), 'the field "proc.aname[2]" is not understood'],
    ['an operator', rule('evt.type = open and fd.name glob "/x*"'), 'the operator "glob" is not understood'],
    ['what is no operator', rule('evt.type = open and fd.name near /x'), '"near" is no operator'],
    ['an event', rule('evt.type in (open, splice)'), 'gVisor is asked for no event "splice"'],
    ['a macro', rule('evt.type = open and never_heard_of'), 'there is no macro "never_heard_of"'],
    ['a priority', rule('evt.type = open').replace('WARNING', 'LOUD'), 'there is no priority "LOUD"'],
    ['a field of the output', rule('evt.type = open').replace('%proc.name', '%proc.tty'), 'the field "proc.tty"'],
    ['a rule for every event', rule('fd.name = /x'), 'it restricts no evt.type'],
    ['a rule whose event is negated', rule('not evt.type = open'), 'it restricts no evt.type'],
    ['a rule for no event', rule('evt.type = open and evt.type = connect'), 'it can hold for no evt.type'],
    ['a number that is none', rule('evt.type = open and user.uid = root'), 'user.uid is a number, and "root" is none'],
    ['an order of texts', rule('evt.type = open and fd.name > 3'), 'fd.name is no number, and has no >'],
    ['an empty list', rule('evt.type = open and fd.name in ()'), 'it compares with an empty list'],
    ['a bracket too few', rule('(evt.type = open'), '")" was expected at the end'],
    ['a bracket too many', rule('evt.type = open)'), '")" stands where "and", "or" or the end was expected'],
    ['a value too few', rule('evt.type ='), 'a value is missing after ='],
    ['a rule twice', rule('evt.type = open') + rule('evt.type = open'), 'rule "A": there are two of this name'],
    ['what is no list', 'a: b', 'The rule file: it is no list'],
    ['what is no YAML', '- [', 'The rule file: it is not valid YAML'],
    ['an alias', '- &a\n  list: x\n  items: [1]\n- *a', 'aliases (*name) are not understood'],
  ])('%s', (_, text, said) => {
    expect(refusal(text)).toContain(said)
  })

  it('macros that go round', () => {
    const text = `
- macro: a
  condition: b
- macro: b
  condition: a
${rule('evt.type = open and a')}`
    expect(refusal(text)).toMatch(/its macros go round: (?:a → b|b → a)/)
  })

  it('macros that multiply, and conditions without a bottom', () => {
    const doubling = Array.from({ length: 20 }, (_, level) =>
      level === 0
        ? '- macro: m0\n  condition: fd.name = x'
        : `- macro: m${level}\n  condition: m${level - 1} or m${level - 1}`,
    ).join('\n')
    expect(refusal(`${doubling}\n${rule('evt.type = open and m19')}`)).toContain('comes to more than 10000 parts')
    expect(refusal(rule(`evt.type = open and ${'('.repeat(5000)}fd.name = x${')'.repeat(5000)}`))).toContain('nested')
    expect(refusal(rule(`${'not '.repeat(5000)}evt.type = open`))).toContain('nested')
  })
})
