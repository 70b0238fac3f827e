import { describe, expect, it } from 'vitest'
import type { Admitted } from '../../../src/core/request.ts'
import { createActionPolicy, type ProposedAction } from '../../../src/gateway/authorize/action-policy.ts'
import { createAsk } from '../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { createRunPermit } from '../../../src/service/run-permit.ts'
import type { ToolAction } from '../../../src/tools/permit.ts'
import { received } from '../../support/agent-events.ts'
import { verifies } from '../../support/verifies.ts'

const requestWith = (changes: Partial<Admitted> = {}): Admitted =>
  ({ ...received(), principal: { id: 'k1', kind: 'api-key', group: 'default' }, ...changes }) as Admitted

const query: ToolAction = { tool: 'run_sql', language: 'sql', tables: ['public.orders'], columns: ['public.orders.id'] }

/** A permit whose questions are written down and all answered with yes. */
function permitFor(request: Admitted, hasFiles = false) {
  const asked: ProposedAction[] = []
  const mayRun = async (_request: Admitted, action: ProposedAction) => (asked.push(action), null)
  return { asked, ...createRunPermit({ request, mayRun, hasFiles }) }
}

describe('where the arguments of a call may come from', () => {
  it('is the question and the model, until the model has read what a tool gave', async () => {
    verifies('policy.provenance')
    const { permit, onTurn, asked } = permitFor(requestWith())
    onTurn(100)
    await permit(query)
    await permit(query)
    onTurn(300)
    await permit({ ...query, tool: 'run_python', language: 'python' })
    onTurn(600)
    await permit(query)
    expect(asked.map(({ provenance, spent }) => [provenance.join(' '), spent.tokens])).toEqual([
      ['model user', 100],
      ['model user', 100],
      ['model row user', 300],
      ['model row tool user', 600],
    ])
  })

  it.each<[string, Partial<Admitted>, boolean, string]>([
    ['files beside it', {}, true, 'file model user'],
    ['an earlier answer', { messages: [{ role: 'assistant', content: 'x' }] }, false, 'model unknown user'],
    ['a session that goes on', { sessionId: 's1' }, false, 'model unknown user'],
    ['an operator before it', { messages: [{ role: 'system', content: 'x' }] }, false, 'model operator user'],
  ])('is more for a question with %s', async (_what, changes, hasFiles, provenance) => {
    verifies('policy.provenance')
    const { permit, asked } = permitFor(requestWith(changes), hasFiles)
    await permit(query)
    expect(asked.map((action) => action.provenance.join(' '))).toEqual([provenance])
  })
})

describe('a call that rules do not allow', () => {
  const permitOf = (output: unknown) => {
    const engine = async () => ({
      patterns: async () => ({}),
      evaluate: async () => ({ revision: 'r', value: output }),
    })
    const decide = createDecide({ engine, deadlineMilliseconds: 1_000 })
    const mayRun = createActionPolicy(createAsk({ decide, timeZone: 'UTC', onDecision: () => undefined }))
    return createRunPermit({ request: requestWith(), mayRun, hasFiles: false }).permit
  }

  it.each<[string, object, string]>([
    ['refused', { allow: false, rules: ['a'], reason: 'Not now.' }, 'Policy refuses: Not now.'],
    [
      'left to a person',
      { allow: false, ask: true, rules: ['a'], reason: 'Look at it.' },
      'Policy wants a person to allow this, and nobody can be asked yet: Look at it.',
    ],
  ])('and that is %s is a finding for the model', async (_what, output, message) => {
    verifies('policy.asks-nobody')
    const finding = { rule: 'policy/refused', line: 1, column: 1, message }
    expect(await permitOf(output)(query)).toEqual({ kind: 'refused', findings: [finding] })
  })

  it('because there is no decision ends the run', async () => {
    verifies('policy.fails-closed')
    await expect(permitOf({ allow: true })(query)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('runs where they do', async () => {
    expect(await permitOf({ allow: true, rules: [] })(query)).toBe(null)
  })
})
