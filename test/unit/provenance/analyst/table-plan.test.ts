import { describe, expect, it } from 'vitest'
import { TablePlan } from '../../../../src/provenance/analyst/table-plan.ts'

describe('tables that runs may read', () => {
  it('are those of their data source, and of no other', () => {
    const plan = new TablePlan().take([{ source: 'shop', tables: ['public.orders'] }])
    plan.add('shop', ['public.staff', 'public.orders'])
    plan.add('archive', [])
    expect([...plan.of('shop')]).toEqual(['public.orders', 'public.staff'])
    expect([...plan.of('archive')]).toEqual([])
    expect([...plan.of('__proto__')]).toEqual([])
    expect(plan.kept).toEqual([{ source: 'shop', tables: ['public.orders', 'public.staff'] }])
  })

  it('are kept up to so many, over all sources together', () => {
    const named = (count: number) => Array.from({ length: count }, (_each, at) => `public.t${at}`)
    const plan = new TablePlan()
    plan.add('one', named(499))
    plan.add('two', named(9))
    plan.add('three', named(9))
    expect(plan.kept.map(({ source, tables }) => `${source} ${tables.length}`)).toEqual(['one 499', 'two 1'])
    expect(plan.of('three').size).toBe(9)
  })
})
