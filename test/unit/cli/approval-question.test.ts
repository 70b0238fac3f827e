import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createApprover, type ExplainStatement } from '../../../src/cli/approval-question.ts'
import { createOutput } from '../../../src/cli/terminal.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Approval } from '../../../src/core/approvals.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal
const approval: Approval = {
  id: 'apr-1',
  principal: 'local',
  group: 'operator',
  asked: new Date(0),
  expires: new Date(600_000),
  state: 'pending',
  decidedBy: null,
  digest: '0'.repeat(64),
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  rules: ['action/mail'],
  requestId: 'r1',
  text: 'SELECT email\u001b[2J\nFROM customers',
  reason: 'Look at it.',
}

/** A person who types these lines, one after the other, and then leaves. */
const personTyping = (...typed: readonly string[]) => personBefore(null, ...typed)

const leavesIt = (): never => {
  throw new Error('nobody edits')
}

/** The same, before a source that can explain statements. */
const personBefore = (explain: ExplainStatement | null, ...typed: readonly string[]) => personWith({ explain, typed })

interface PersonOptions {
  readonly typed: readonly string[]
  readonly explain?: ExplainStatement | null
  /** What they make of a text. */
  readonly edits?: (text: string) => string | null
}

function personWith({ typed, explain = null, edits = leavesIt }: PersonOptions) {
  let shown = ''
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString()
      done()
    },
  })
  const left = [...typed]
  let [undisturbed, most] = [0, 0]
  const approver = createApprover({
    explain,
    error: createOutput(stream, { isTerminal: true, colour: false }),
    person: {
      askLine: async (words) => {
        shown += words
        return left.shift() ?? null
      },
      editText: async (text) => edits(text),
    },
    undisturbed: async (task) => {
      undisturbed += 1
      most = Math.max(most, undisturbed)
      const done = await task()
      undisturbed -= 1
      return done
    },
  })
  return { approver, shown: () => shown, left, most: () => most }
}

describe('the question whether a call may run', () => {
  it('shows all of it, with nothing that drives the terminal, and takes the word for it', async () => {
    verifies('policy.approved-at-the-terminal', 'approvals.shown')
    const { approver, shown } = personTyping(' Allow ')
    expect(await approver(approval, null, never)).toBe('allowed')
    expect(shown()).toBe(
      [
        '',
        'A rule wants a person to allow this call (action/mail):',
        '  | Look at it.',
        'what would run: run_sql, sql, shop',
        '  | SELECT email<U+001B>[2J',
        '  | FROM customers',
        'Type allow (once) or refuse; Enter decides later: ',
      ].join('\n'),
    )
    expect(await personTyping('refuse').approver(approval, null, never)).toBe('refused')
  })

  it.each<[string, readonly string[], number]>([
    ['Enter', [''], 0],
    ['leaving', [], 0],
    ['something else, three times', ['y', 'yes', 'constructor', 'allow'], 1],
  ])('is left open by %s', async (_what, typed, left) => {
    verifies('policy.approved-at-the-terminal')
    const person = personTyping(...typed)
    expect(await person.approver(approval, null, never)).toBeNull()
    expect(person.shown()).toContain('Not decided: apr-1 waits until 1970-01-01T00:10:00.000Z.')
    expect(person.left).toHaveLength(left)
  })

  it('is asked again after a slip, and of two calls one after the other', async () => {
    const { approver, most } = personTyping('alow', 'allow', 'refuse')
    expect(await Promise.all([approver(approval, null, never), approver(approval, null, never)])).toEqual([
      'allowed',
      'refused',
    ])
    expect(most()).toBe(1)
  })

  it('says what a statement reads, what is masked of it and what the planner expects', async () => {
    verifies('terminal.approval')
    const asked: unknown[] = []
    const { approver, shown } = personBefore(async (statement, source) => {
      asked.push([statement, source])
      const facts = { relations: ['public.customers'], columns: [], functions: [], canonical: null, rowLimit: 10_000 }
      const masks = [{ position: 0, relation: 'public.customers', column: 'email\u001b[2J', how: 'hash' }]
      return { kind: 'accepted', value: { ...facts, masks, estimate: { cost: 1234.5, rows: 4_000 } } }
    }, 'allow')
    expect(await approver(approval, null, never)).toBe('allowed')
    expect(asked).toEqual([[approval.text, 'shop']])
    expect(shown()).toContain(
      [
        '  tables: public.customers',
        '  masked: public.customers.email<U+001B>[2J (hash)',
        '  planner: about 4,000 rows at a cost of 1,234.5; 10,000 rows leave at most',
        'Type allow',
      ].join('\n'),
    )
  })

  it('asks all the same where nobody can tell, and of a program asks no planner', async () => {
    verifies('terminal.approval')
    let calls = 0
    const fails = async (): Promise<never> => {
      calls += 1
      throw new ServiceError('database-unavailable', 'it is down')
    }
    const statement = personBefore(fails, 'refuse')
    expect(await statement.approver(approval, null, never)).toBe('refused')
    expect(statement.shown()).toContain('  what it touches cannot be told: it is down\n')
    const program = personBefore(fails, 'allow')
    expect(await program.approver({ ...approval, tool: 'run_python', language: 'python' }, null, never)).toBe('allowed')
    expect(calls).toBe(1)
  })

  it('takes what they write in its place, once the gate has nothing against it', async () => {
    verifies('terminal.edit')
    const texts = ['SELECT FORBIDDEN\u001b[2J', 'SELECT name FROM customers']
    const begun: string[] = []
    const { approver, shown } = personWith({
      typed: ['edit', 'edit', 'allow'],
      edits: (text) => (begun.push(text), texts[begun.length - 1] ?? null),
    })
    const finding = (text: string) => ({ rule: 'sql/no', line: 1, column: 8, message: `not ${text}` })
    const rewriting = {
      text: 'SELECT email FROM customers',
      check: async (text: string) => (text.includes('FORBIDDEN') ? [finding(text)] : []),
    }
    expect(await approver(approval, rewriting, never)).toEqual({ changedTo: 'SELECT name FROM customers' })
    expect(begun).toEqual([rewriting.text, 'SELECT FORBIDDEN\u001b[2J'])
    expect(shown()).toContain('Type allow (once), edit or refuse; Enter decides later: ')
    const refusal = '  line 1, column 8: not SELECT FORBIDDEN<U+001B>[2J [sql/no]\n'
    expect(shown()).toContain(`What you wrote would be refused:\n${refusal}`)
  })

  it.each<[string, (text: string) => string | null, string]>([
    ['nothing was changed', (text) => text, 'Nothing was changed.'],
    ['nothing is left', () => ' \n', 'Nothing was changed.'],
    ['they left it', () => null, 'Nothing was changed.'],
    [
      'it cannot be edited',
      () => {
        throw new ServiceError('invalid-request', 'No editor\u001b', { advice: 'Set EDITOR.' })
      },
      'It cannot be edited: No editor<U+001B>. Set EDITOR.',
    ],
  ])('is asked again where %s', async (_what, edits, said) => {
    verifies('terminal.edit')
    const { approver, shown } = personWith({ typed: ['edit', 'refuse'], edits })
    expect(await approver(approval, { text: 'SELECT 1', check: async () => [] }, never)).toBe('refused')
    expect(shown()).toContain(said)
  })

  it('offers no other text where none is taken', async () => {
    const { approver, shown, left } = personTyping('edit', 'edit', 'edit', 'allow')
    expect(await approver(approval, null, never)).toBeNull()
    expect(shown()).not.toContain(', edit')
    expect(left).toEqual(['allow'])
  })
})
