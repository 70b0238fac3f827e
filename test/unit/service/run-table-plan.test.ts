import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import { createRunTablePlan } from '../../../src/service/run-table-plan.ts'
import { createFakeModel } from '../../support/fake-model.ts'
import { shopWithStaff } from '../../support/provenance/shop-catalog.ts'

const live = new AbortController().signal

interface Given {
  readonly turns: Parameters<typeof createFakeModel>[0]
  readonly whyNot?: () => string | null
}

function planOf({ turns, whyNot = () => null }: Given) {
  const model = createFakeModel(turns)
  const faults: ServiceError[] = []
  const source = {
    database: { source: 'shop', kind: 'postgresql', catalog: async () => shopWithStaff, query: async () => never() },
    validator: { language: 'sql', validate: async () => never() },
    catalogOfGate: async () => never(),
    visible: (relation: string, column: string | null) => relation !== 'hr.T2024' && column !== 'salary',
  } as const
  const messages = [
    { role: 'user', content: 'Who is best?' },
    { role: 'assistant', content: 'Read hr.access_log next.' },
    { role: 'user', content: 'And who was hired last?' },
  ] as const
  const request = { messages }
  const plan = createRunTablePlan({ model, whyNot, request, source, onFault: (fault) => faults.push(fault) })
  return { plan, model, faults }
}

function never(): never {
  throw new Error('Nothing of this is needed for a plan.')
}

describe('a plan of trusted words', () => {
  it('is asked once of a model without tools that is told of no answer and of nothing that the group may not see', async () => {
    const { plan, model } = planOf({ turns: [{ text: '["public.staff"]' }] })
    const asked = await Promise.all([plan.tables(live), plan.tables(live)])
    expect(asked).toEqual([new Set(['public.staff']), new Set(['public.staff'])])
    expect([...(await plan.tables(live))]).toEqual(['public.staff'])
    expect(model.requests).toHaveLength(1)
    const [request] = model.requests
    expect(request?.tools).toEqual([])
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'user'])
    const told = JSON.stringify(request?.messages)
    expect(told).toContain('And who was hired last?')
    expect(told).toContain('hr.access_log (id, at, badge)')
    expect(told).not.toMatch(/T2024|salary|Read hr/)
  })

  it('says what it has used, once', async () => {
    const { plan } = planOf({ turns: [{ text: '[]', tokens: 70, said: 3 }] })
    expect(plan.takeUsed()).toEqual({ inputTokens: 0, outputTokens: 0 })
    await plan.tables(live)
    expect(plan.takeUsed()).toEqual({ inputTokens: 70, outputTokens: 3 })
    expect(plan.takeUsed()).toEqual({ inputTokens: 0, outputTokens: 0 })
  })

  it('is none where the run has no room for it, and nobody is asked', async () => {
    const { plan, model } = planOf({ turns: [{ text: '["public.staff"]' }], whyNot: () => 'No tokens are left.' })
    expect((await plan.tables(live)).size).toBe(0)
    expect(model.requests).toHaveLength(0)
  })

  it('is none where the model fails, which is told, and the run goes on', async () => {
    const { plan, faults } = planOf({ turns: [{ error: new ServiceError('model-unavailable', 'gone') }] })
    expect((await plan.tables(live)).size).toBe(0)
    expect(faults.map(({ code }) => code)).toEqual(['model-unavailable'])
  })

  it('ends with the run', async () => {
    const { plan, faults } = planOf({ turns: [{ text: '["public.staff"]' }] })
    await expect(plan.tables(AbortSignal.abort(new ServiceError('cancelled', 'left')))).rejects.toThrow('left')
    expect(faults).toEqual([])
  })
})
