import { describe, expect, it } from 'vitest'
import type { ApprovalEvent } from '../../../../../src/core/approvals.ts'
import { DecisionWatch } from '../../../../../src/gateway/authorize/approvals/decision-watch.ts'
import {
  createAskPerson,
  type AskPersonOptions,
  type WantedAction,
} from '../../../../../src/gateway/authorize/approvals/ask-person.ts'
import type { ExactAction } from '../../../../../src/gateway/authorize/approvals/digest.ts'
import { approvalsInMemory } from '../../../../support/policy/approvals-in-memory.ts'
import { verifies } from '../../../../support/verifies.ts'

const exact: ExactAction = {
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  session: null,
  endUser: null,
  before: [],
  text: 'SELECT email FROM customers',
}
const never = new AbortController().signal
const mia = { id: 'mia', kind: 'api-key', group: 'sales' } as const

function desk(options: Partial<AskPersonOptions> = {}) {
  const time = { now: 0 }
  const approvals = approvalsInMemory(() => time.now)
  const told: [ApprovalEvent, string, string][] = []
  const watch = new DecisionWatch()
  const ask = createAskPerson({
    approvals: async () => approvals,
    watch,
    personHere: () => 'cli:ann',
    waitMilliseconds: 0,
    pollMilliseconds: 1,
    tell: async (event, { id }, { requestId }) => void told.push([event, id, requestId]),
    ...options,
  })
  const call = (changes: Partial<ExactAction> = {}, action: Partial<WantedAction> = {}) =>
    ask(
      {
        principal: mia,
        requestId: 'r1',
        wanted: { rules: ['action/mail'], reason: 'Look at it.' },
        exact: () => ({ ...exact, ...changes }),
        ...action,
      },
      never,
    )
  return { approvals, call, told, time, watch }
}

const required = { code: 'approval-required' }

describe('a call for which a rule wants a person', () => {
  it('is asked once, with all of what would run, and says what to do', async () => {
    verifies('policy.asks-a-person')
    const { approvals, call, told } = desk()
    const fault = expect.objectContaining({
      code: 'approval-required',
      approval: { id: 'apr-1', expires: new Date(600_000) },
      message: 'A person has to allow this call before it runs: Look at it.',
      advice:
        'It waits as apr-1 until 1970-01-01T00:10:00.000Z. Once it is allowed (sallyport approvals allow apr-1), ask the same again.',
    })
    await expect(call()).rejects.toEqual(fault)
    await expect(call({}, { requestId: 'r2' })).rejects.toEqual(fault)
    expect(approvals.kept).toMatchObject([
      { principal: 'mia', group: 'sales', tool: 'run_sql', text: exact.text, rules: ['action/mail'], requestId: 'r1' },
    ])
    expect(told).toEqual([['approval-asked', 'apr-1', 'r1']])
  })

  it('runs once after it was allowed, and is asked about again after that', async () => {
    verifies('policy.approved-once')
    const { approvals, call, told } = desk()
    await expect(call()).rejects.toMatchObject(required)
    await approvals.decide('apr-1', 'allowed', 'boss')
    expect(await call({}, { requestId: 'r2' })).toBe(null)
    await expect(call()).rejects.toMatchObject({ ...required, approval: { id: 'apr-2' } })
    expect(told.slice(0, 2)).toEqual([
      ['approval-asked', 'apr-1', 'r1'],
      ['approval-used', 'apr-1', 'r2'],
    ])
  })

  it.each<[string, Partial<ExactAction>, Partial<WantedAction>]>([
    ['for another principal', {}, { principal: { ...mia, id: 'tom' } }],
    ['for another person behind the same application', { endUser: 'tom' }, {}],
    ['for one more byte', { text: `${exact.text} ` }, {}],
    ['for another source', { source: 'payroll' }, {}],
    ['in another session', { session: 's1' }, {}],
  ])('does not run %s, whatever was allowed', async (_what, changes, action) => {
    verifies('policy.approved-exactly')
    const { approvals, call } = desk()
    await expect(call()).rejects.toMatchObject(required)
    await approvals.decide('apr-1', 'allowed', 'boss')
    await expect(call(changes, action)).rejects.toMatchObject({ ...required, approval: { id: 'apr-2' } })
    expect(approvals.kept[0]?.state).toBe('allowed')
  })

  it('does not run after its time, however it was decided', async () => {
    verifies('policy.approved-once')
    const { approvals, call, time, told } = desk()
    await expect(call()).rejects.toMatchObject(required)
    await approvals.decide('apr-1', 'allowed', 'boss')
    time.now = 600_000
    await expect(call({}, { requestId: 'r2' })).rejects.toMatchObject({ ...required, approval: { id: 'apr-2' } })
    expect(told).toEqual([
      ['approval-asked', 'apr-1', 'r1'],
      ['approval-expired', 'apr-1', 'r1'],
      ['approval-asked', 'apr-2', 'r2'],
    ])
  })

  it('is asked anew where the one before was over just as it was asked', async () => {
    const approvals = approvalsInMemory()
    const asked = { principal: 'mia', group: 'sales', asked: new Date(0), expires: new Date(0), decidedBy: null }
    let over = 1
    const late: AskPersonOptions['approvals'] = async () => ({
      ...approvals,
      ask: async (principal, question) =>
        over-- > 0 ? { ...question, ...asked, id: 'apr-0', state: 'expired' } : approvals.ask(principal, question),
    })
    await expect(desk({ approvals: late }).call()).rejects.toMatchObject({ ...required, approval: { id: 'apr-1' } })
  })

  it('is not asked where it is more than anybody would read, and its model is told so', async () => {
    const { approvals, call } = desk()
    const rule = 'policy/refused-by-a-person'
    expect(await call({}, { exact: () => null })).toMatchObject({ rule })
    expect(await call({ text: 'x'.repeat(200_001) })).toMatchObject({ rule })
    expect(approvals.kept).toEqual([])
  })

  it('does not run where the trail cannot be written', async () => {
    verifies('policy.approved-told')
    let isFull = false
    const tell = async () => {
      if (isFull) throw new Error('full')
    }
    const { approvals, call } = desk({ tell })
    await expect(call()).rejects.toMatchObject(required)
    await approvals.decide('apr-1', 'allowed', 'boss')
    isFull = true
    await expect(call()).rejects.toThrow('full')
  })
})

describe('a call whose caller waits for somebody', () => {
  it('is told as it waits, and runs where it is allowed in that time', async () => {
    const { approvals, call } = desk()
    const told: string[] = []
    const onAsked = ({ id }: { readonly id: string }) => {
      told.push(id)
      // Behind the first look.
      setTimeout(() => void approvals.decide(id, 'allowed', 'boss'), 5)
    }
    expect(await call({}, { asked: { waitMilliseconds: 60_000, onAsked } })).toBe(null)
    expect(told).toEqual(['apr-1'])
    expect(approvals.kept[0]?.state).toBe('used')
  })

  it('is over where nobody decides in that time, and waits no shorter than all do', async () => {
    let looked = 0
    const clock = () => (looked += 1)
    const waiting = (waitMilliseconds: number) =>
      desk({ clock, waitMilliseconds }).call({}, { asked: { waitMilliseconds: 4 } })
    const looksOf = async (waitMilliseconds: number) => {
      looked = 0
      await expect(waiting(waitMilliseconds)).rejects.toMatchObject(required)
      return looked
    }
    expect(await looksOf(0)).toBeGreaterThan(4)
    expect(await looksOf(0)).toBeLessThan(20)
    expect(await looksOf(20)).toBeGreaterThan(20)
  })
})

describe('a call at a terminal', () => {
  const operator = { id: 'local', kind: 'operator', group: 'sales' } as const
  const here = (approver: NonNullable<WantedAction['approver']>) => ({ principal: operator, approver })

  it('is shown whole to the person there, and runs once where they allow it', async () => {
    verifies('policy.approved-at-the-terminal')
    const lines: unknown[] = []
    const { approvals, call } = desk({
      tell: async (event, { id }, { by, done }) => void lines.push([event, id, by, done ?? null]),
    })
    const shown: string[] = []
    const approver = async ({ text }: { readonly text: string }) => {
      shown.push(text)
      return 'allowed' as const
    }
    expect(await call({}, here(approver))).toBe(null)
    expect(await call({}, here(approver))).toBe(null)
    expect(shown).toEqual([exact.text, exact.text])
    expect(approvals.kept.map(({ state, decidedBy }) => [state, decidedBy])).toEqual([
      ['used', 'cli:ann'],
      ['used', 'cli:ann'],
    ])
    expect(lines.slice(0, 4)).toEqual([
      ['approval-asked', 'apr-1', null, null],
      ['approval-allowed', 'apr-1', 'cli:ann', null],
      ['approval-allowed-end', 'apr-1', 'cli:ann', true],
      ['approval-used', 'apr-1', null, null],
    ])
  })

  it('is refused there, which its model is told, or waits where they do not decide', async () => {
    verifies('policy.approved-at-the-terminal')
    const { call } = desk()
    await expect(
      call(
        {},
        here(async () => null),
      ),
    ).rejects.toMatchObject(required)
    expect(
      await call(
        {},
        here(async () => 'refused'),
      ),
    ).toMatchObject({ rule: 'policy/refused-by-a-person' })
  })

  it('is changed by whoever asked, here or in another process, which the run is told with the refusal', async () => {
    verifies('policy.edited-by-the-asker')
    const { approvals, call } = desk({ waitMilliseconds: 10_000 })
    const changes: string[] = []
    const editing = { text: 'SELECT email', onChanged: (text: string) => void changes.push(text) }
    const elsewhere = {
      onAsked: ({ id }: { id: string }) => void approvals.decide(id, { changedTo: 'SELECT 2' }, 'mia'),
    }
    const refusal = { rule: 'policy/refused-by-a-person' }
    expect(await call({}, { editing, asked: { waitMilliseconds: 0, ...elsewhere } })).toMatchObject(refusal)
    expect(approvals.kept).toMatchObject([{ editable: 'SELECT email', state: 'refused' }])
    expect(await call({}, { editing, ...here(async () => ({ changedTo: 'SELECT 3' })) })).toMatchObject(refusal)
    expect(await call({}, { editing, ...here(async () => 'refused') })).toMatchObject(refusal)
    // Where nothing else is taken there is nothing to edit, and nobody to be told.
    expect(await call({ text: 'SELECT 4' }, { asked: { waitMilliseconds: 0, ...elsewhere } })).toMatchObject(refusal)
    expect(approvals.kept.at(-1)).not.toHaveProperty('editable')
    expect(changes).toEqual(['SELECT 2', 'SELECT 3'])
  })

  it('is not decided there by who may not decide', async () => {
    verifies('policy.approvers')
    const { approvals, call } = desk()
    await expect(call({}, { approver: async () => 'allowed' })).rejects.toMatchObject(required)
    expect(approvals.kept[0]?.state).toBe('pending')
  })

  it('is what somebody else decided while they read, and nothing where it was over by then', async () => {
    const { approvals, call, time } = desk()
    const late = async () => {
      await approvals.decide('apr-1', 'refused', 'boss')
      return 'allowed' as const
    }
    expect(await call({}, here(late))).toMatchObject({ rule: 'policy/refused-by-a-person' })
    const tooLate = async () => {
      time.now = 600_000
      return 'allowed' as const
    }
    await expect(call({}, here(tooLate))).rejects.toMatchObject({ ...required, approval: { id: 'apr-2' } })
  })

  it('is no more asked about there once it is allowed', async () => {
    const { approvals, call } = desk()
    await expect(
      call(
        {},
        here(async () => null),
      ),
    ).rejects.toMatchObject(required)
    await approvals.decide('apr-1', 'allowed', 'boss')
    expect(
      await call(
        {},
        here(() => Promise.reject(new Error('asked'))),
      ),
    ).toBe(null)
  })
})

describe('a run that waits for a person', () => {
  const waits = { waitMilliseconds: 60_000 }

  it('goes on as soon as somebody allows it', async () => {
    verifies('policy.waits-for-a-person')
    const { approvals, call } = desk(waits)
    const answer = call()
    await expect.poll(() => approvals.kept.length).toBe(1)
    await approvals.decide('apr-1', 'allowed', 'boss')
    expect(await answer).toBe(null)
    expect(approvals.kept[0]?.state).toBe('used')
  })

  it('goes on at once where it is decided in the same process, however seldom it looks', async () => {
    verifies('policy.waits-for-a-person')
    const { approvals, call, watch } = desk({ waitMilliseconds: 10_000_000, pollMilliseconds: 10_000_000 })
    const answers = [call(), call({}, { requestId: 'r2' })]
    await expect.poll(() => approvals.kept.length).toBe(1)
    await approvals.decide('apr-1', 'refused', 'boss')
    watch.decided('apr-0')
    watch.decided('apr-1')
    for (const answer of answers)
      expect(await answer).toMatchObject({ message: 'A person refused this call. Look at it.' })
  })

  it('tells its model where somebody refuses it', async () => {
    verifies('policy.waits-for-a-person')
    const { approvals, call } = desk(waits)
    const answer = call()
    await expect.poll(() => approvals.kept.length).toBe(1)
    await approvals.decide('apr-1', 'refused', 'boss')
    expect(await answer).toMatchObject({ message: 'A person refused this call. Look at it.' })
  })

  it('does not run what became something else while the person read', async () => {
    verifies('policy.approved-exactly')
    const { approvals, call } = desk(waits)
    let before: readonly string[] = []
    const answer = call({}, { exact: () => ({ ...exact, before }) })
    await expect.poll(() => approvals.kept.length).toBe(1)
    before = ['customers = "payroll"']
    await approvals.decide('apr-1', 'allowed', 'boss')
    await expect(answer).rejects.toMatchObject(required)
    expect(approvals.kept[0]?.state).toBe('allowed')
  })

  it('ends with its caller, and when its time is over', async () => {
    const { approvals, call, time } = desk(waits)
    const answer = call()
    await expect.poll(() => approvals.kept.length).toBe(1)
    time.now = 600_000
    await expect(answer).rejects.toMatchObject(required)
  })
})
