import { describe, expect, it } from 'vitest'
import type { Approval, ApprovedCalls, CallApprover } from '../../../src/core/approvals.ts'
import type { Admitted } from '../../../src/core/request.ts'
import {
  createActionPolicy,
  type ActionPolicy,
  type ProposedAction,
} from '../../../src/gateway/authorize/action-policy.ts'
import { createAsk } from '../../../src/gateway/authorize/ask.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { HeldCalls } from '../../../src/service/held-calls.ts'
import { createRunPermit } from '../../../src/service/run-permit.ts'
import { DecisionWatch } from '../../../src/gateway/authorize/approvals/decision-watch.ts'
import { createAskPerson } from '../../../src/gateway/authorize/approvals/ask-person.ts'
import { ProgramLog } from '../../../src/sessions/program-log.ts'
import type { SessionFile } from '../../../src/sessions/session-file.ts'
import type { ToolAction } from '../../../src/tools/permit.ts'
import { provenanceFor } from '../../support/provenance/run-provenance.ts'
import { approvalsInMemory } from '../../support/policy/approvals-in-memory.ts'
import { received } from '../../support/agent-events.ts'
import { verifies } from '../../support/verifies.ts'

const requestWith = (changes: Partial<Admitted> = {}): Admitted =>
  ({
    ...received(),
    principal: { id: 'k1', kind: 'api-key', group: 'default' },
    grant: { budget: { maximumCost: 500 } },
    ...changes,
  }) as Admitted

const query: ToolAction = {
  tool: 'run_sql',
  language: 'sql',
  text: 'SELECT id FROM orders',
  written: 'SELECT id FROM orders',
  tables: ['public.orders'],
  columns: ['public.orders.id'],
  check: async () => [],
}

const never = new AbortController().signal

const file: SessionFile = { path: 'a.csv', kind: 'attached', description: 'a', bytes: 1, open: async function* () {} }

const proven = (request: Admitted, { programs = new ProgramLog(), hasFiles = false } = {}) => {
  const { provenance, record } = provenanceFor({ request, programs, files: hasFiles ? [file] : [] })
  return { programs, held: new HeldCalls(), provenance, record }
}

/** A permit whose questions are written down and all answered with yes. */
function permitFor(request: Admitted, hasFiles = false) {
  const asked: ProposedAction[] = []
  const mayRun = async (_request: unknown, action: ProposedAction) => (asked.push(action), null)
  return { asked, ...createRunPermit({ request, mayRun, ...proven(request, { hasFiles }) }) }
}

describe('where the arguments of a call may come from', () => {
  it('is the question and the model, until the model has read what a tool gave', async () => {
    verifies('policy.provenance')
    const { permit, onTurn, asked } = permitFor(requestWith())
    onTurn({ tokens: 100, cost: 7 })
    await permit(query, never)
    await permit(query, never)
    onTurn({ tokens: 300, cost: 21 })
    await permit({ ...query, tool: 'run_python', language: 'python' }, never)
    onTurn({ tokens: 600, cost: 42 })
    await permit(query, never)
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
    await permit(query, never)
    expect(asked.map((action) => action.provenance.join(' '))).toEqual([provenance])
  })
})

describe('what a run has cost', () => {
  it('is told to rules beside the most that it may, and as not known where nobody said what a model costs', async () => {
    const { permit, onTurn, asked } = permitFor(requestWith())
    await permit(query, never)
    onTurn({ tokens: 300, cost: 21 })
    await permit(query, never)
    expect(asked.map(({ spent, budget }) => [spent, budget])).toEqual([
      [{ tokens: 0, cost: null }, { cost: 500 }],
      [{ tokens: 300, cost: 21 }, { cost: 500 }],
    ])
  })
})

describe('what a person sees of what ran before', () => {
  it('is each program of the session whose names the next one meets, and no statement or script', async () => {
    verifies('policy.approved-exactly')
    const seen: (readonly string[] | null)[] = []
    const mayRun: ActionPolicy = async (_request, _action, { before }) => (seen.push([...(before() ?? [])]), null)
    const options = { request: requestWith(), mayRun, ...proven(requestWith()) }
    const python = (text: string): ToolAction => ({ ...query, tool: 'run_python', language: 'python', text })
    const first = createRunPermit(options).permit
    await first(python('a = 1'), never)
    await first(query, never)
    await first(python('a = 2'), never)
    // Another run in the same session.
    await createRunPermit(options).permit(python('a'), never)
    expect(seen).toEqual([[], [], ['a = 1'], ['a = 1', 'a = 2']])
  })

  it('is nothing of what did not run', async () => {
    const programs = new ProgramLog()
    const finding = { rule: 'policy/refused', line: 1, column: 1, message: 'No.' }
    const options = {
      request: requestWith(),
      mayRun: async () => finding,
      ...proven(requestWith(), { programs }),
    }
    await createRunPermit(options).permit({ ...query, tool: 'run_python' }, never)
    expect(programs.texts).toEqual([])
  })

  it('is nobody’s to decide on once it is more than they would read', () => {
    const programs = new ProgramLog()
    programs.add('x'.repeat(200_000))
    expect(programs.texts).toHaveLength(1)
    programs.add('x')
    programs.add('y')
    expect(programs.texts).toBe(null)
  })
})

describe('a call that rules do not allow', () => {
  const permitOf = (output: unknown, changes: Partial<Admitted> = {}) => {
    const engine = async () => ({
      patterns: async () => ({}),
      evaluate: async () => ({ revision: 'r', value: output }),
    })
    const decide = createDecide({ engine, deadlineMilliseconds: 1_000 })
    const ask = createAsk({ decide, timeZone: 'UTC', onDecision: () => undefined })
    const approvals = async () => approvalsInMemory()
    const tell = async () => {}
    const person = createAskPerson({
      approvals,
      watch: new DecisionWatch(),
      waitMilliseconds: 0,
      personHere: () => 'cli:ann',
      tell,
    })
    const mayRun = createActionPolicy(ask, person)
    const request = requestWith(changes)
    return createRunPermit({ request, mayRun, ...proven(request) }).permit
  }

  it('and that is refused is a finding for the model', async () => {
    const finding = { rule: 'policy/refused', line: 1, column: 1, message: 'Policy refuses: Not now.' }
    const refused = permitOf({ allow: false, rules: ['a'], reason: 'Not now.' })
    expect(await refused(query, never)).toEqual({ kind: 'refused', findings: [finding] })
  })

  it('and that is left to a person ends the run with what they have to decide', async () => {
    verifies('policy.asks-a-person')
    const asking = permitOf({ allow: false, ask: true, rules: ['a'], reason: 'Look at it.' })
    await expect(asking(query, never)).rejects.toMatchObject({
      code: 'approval-required',
      message: 'A person has to allow this call before it runs: Look at it.',
      approval: { id: 'apr-1' },
    })
  })

  it('and that a person writes anew is refused for the gateway, and the new text is what is asked about', async () => {
    verifies('terminal.edit')
    const programs = new ProgramLog()
    const decisions: unknown[] = []
    const mayRun: ActionPolicy = async (_request, _action, { approver, editing }, signal) => {
      const decision = (await approver?.({ text: 'all of it' } as Approval, signal)) ?? null
      decisions.push([decision, editing?.text ?? null])
      if (decision !== null && typeof decision !== 'string') editing?.onChanged(decision.changedTo)
      return { rule: 'policy/refused-by-a-person', line: 1, column: 1, message: 'No.' }
    }
    const texts: unknown[] = []
    const approver: CallApprover = async (_approval, rewriting) => {
      texts.push(rewriting?.text ?? null)
      return rewriting === null ? 'refused' : { changedTo: 'print(2)' }
    }
    const { permit } = createRunPermit({
      request: requestWith(),
      mayRun,
      ...proven(requestWith(), { programs }),
      approver,
    })
    const python: ToolAction = { ...query, tool: 'run_python', language: 'python', text: 'print(1)' }
    expect(await permit(python, never)).toEqual({ kind: 'changed', text: 'print(2)' })
    expect(await permit({ ...python, check: null }, never)).toMatchObject({ kind: 'refused' })
    expect(decisions).toEqual([
      [{ changedTo: 'print(2)' }, 'print(1)'],
      ['refused', null],
    ])
    expect(texts).toEqual(['print(1)', null])
    expect(programs.texts).toEqual([])
  })

  it('because there is no decision ends the run', async () => {
    verifies('policy.fails-closed')
    await expect(permitOf({ allow: true })(query, never)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('runs where they do', async () => {
    expect(await permitOf({ allow: true, rules: [] })(query, never)).toBe(null)
  })

  const asking = (calls: ApprovedCalls) =>
    permitOf({ allow: true, rules: [] }, { approvals: { calls, waitMilliseconds: 0 } })
  const byTheCaller = {
    code: 'approval-required',
    message: 'A person has to allow this call before it runs: Whoever asked wants to allow such calls first.',
  }

  it.each<[ApprovedCalls, ToolAction['tool'], boolean]>([
    ['rules', 'run_python', false],
    ['on-write', 'describe_data', false],
    ['on-write', 'run_sql', false],
    ['on-write', 'run_javascript', false],
    ['on-write', 'run_python', true],
    ['on-write', 'run_shell', true],
    ['always', 'describe_data', true],
    ['always', 'run_sql', true],
    ['always', 'run_javascript', true],
    ['always', 'run_python', true],
  ])('or whose caller wants somebody asked: %s, %s: %j', async (calls, tool, isAsked) => {
    verifies('terminal.approve')
    const asked = asking(calls)({ ...query, tool }, never)
    if (isAsked) await expect(asked).rejects.toMatchObject(byTheCaller)
    else expect(await asked).toBe(null)
  })

  it('is refused all the same where somebody would rather be asked', async () => {
    const approvals = { calls: 'always', waitMilliseconds: 0 } as const
    const refused = permitOf({ allow: false, rules: ['a'], reason: 'Not now.' }, { approvals })
    expect(await refused(query, never)).toMatchObject({ kind: 'refused', findings: [{ rule: 'policy/refused' }] })
  })
})
