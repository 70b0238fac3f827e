import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createApprover } from '../../../src/cli/approval-question.ts'
import { createOutput } from '../../../src/cli/terminal.ts'
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
function personTyping(...typed: readonly string[]) {
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
    error: createOutput(stream, { isTerminal: true, colour: false }),
    askLine: async (words) => {
      shown += words
      return left.shift() ?? null
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
    expect(await approver(approval, never)).toBe('allowed')
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
    expect(await personTyping('refuse').approver(approval, never)).toBe('refused')
  })

  it.each<[string, readonly string[], number]>([
    ['Enter', [''], 0],
    ['leaving', [], 0],
    ['something else, three times', ['y', 'yes', 'constructor', 'allow'], 1],
  ])('is left open by %s', async (_what, typed, left) => {
    verifies('policy.approved-at-the-terminal')
    const person = personTyping(...typed)
    expect(await person.approver(approval, never)).toBeNull()
    expect(person.shown()).toContain('Not decided: apr-1 waits until 1970-01-01T00:10:00.000Z.')
    expect(person.left).toHaveLength(left)
  })

  it('is asked again after a slip, and of two calls one after the other', async () => {
    const { approver, most } = personTyping('alow', 'allow', 'refuse')
    expect(await Promise.all([approver(approval, never), approver(approval, never)])).toEqual(['allowed', 'refused'])
    expect(most()).toBe(1)
  })
})
