import { describe, expect, it } from 'vitest'
import { digestOf, shownText, type ExactAction } from '../../../../../src/gateway/authorize/approvals/digest.ts'
import { verifies } from '../../../../support/verifies.ts'

const action: ExactAction = {
  tool: 'run_python',
  language: 'python',
  source: 'shop',
  session: null,
  endUser: null,
  before: ['a = 1'],
  text: 'print(a)',
}

describe('the digest of what a person allows', () => {
  it.each<[string, Partial<ExactAction>]>([
    ['one byte of the text', { text: 'print(b)' }],
    ['a space at the end', { text: 'print(a) ' }],
    ['a letter that looks the same', { text: 'print(\u0430)' }],
    ['another form of the same letter', { text: 'print(\u0061\u0301)' }],
    ['the tool', { tool: 'run_javascript' }],
    ['the language', { language: 'javascript' }],
    ['the data source', { source: 'payroll' }],
    ['no data source', { source: null }],
    ['a source that is called null', { source: 'null' }],
    ['the session', { session: 's1' }],
    ['the person behind an application', { endUser: 'mia' }],
    ['what ran before', { before: ['a = 2'] }],
    ['that anything ran before', { before: [] }],
    ['where one program ends and the next begins', { before: ['a =', ' 1'] }],
    ['what ran before taken into the text', { before: [], text: shownText(action) }],
    ['a member moved into its neighbour', { session: 'mia', endUser: null }],
  ])('is another one for %s', (_what, change) => {
    verifies('policy.approved-exactly')
    expect(digestOf({ ...action, ...change })).not.toBe(digestOf(action))
  })

  it('is the same for the same, whatever the order of the members, in 64 digits', () => {
    const turned = Object.fromEntries(Object.entries(action).toReversed()) as unknown as ExactAction
    expect(digestOf(turned)).toBe(digestOf(action))
    expect(digestOf(action)).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('what a person is shown who decides', () => {
  it('is the text as it runs', () => {
    expect(shownText({ before: [], text: 'SELECT 1' })).toBe('SELECT 1')
  })

  it('is also what ran before in the same interpreter, with the length of each', () => {
    verifies('policy.approved-exactly')
    expect(shownText({ before: ['def f():\n  return 1'], text: 'f()' })).toBe(
      [
        '# === ran before in this session, 1 of 1, 2 lines ===',
        'def f():\n  return 1',
        '# === to run now, 1 line ===',
        'f()',
      ].join('\n'),
    )
  })
})
