import { describe, expect, it } from 'vitest'
import { propose } from '../../../../../src/surfaces/wire/admin/tuning-sets.ts'
import { aimAt, costsOf, emptyAim, readAim, type AimDraft } from '../../../../../src/web/pages/tune/aim-draft.ts'
import { rate, unknownRate } from '../../../../support/web/tune-points.ts'

describe('an aim', () => {
  it.each<readonly [string, Partial<AimDraft>, object]>([
    ['a rate', {}, { false_positive_rate: 0.05, confidence: 0.95 }],
    [
      'a rate of less than a percent',
      { most: ' 0.4 ', confidence: '0.99' },
      { false_positive_rate: 0.004, confidence: 0.99 },
    ],
    ['costs', { kind: 'costs', falseBlock: '0.5', miss: '10' }, { costs: { false_block: 0.5, miss: 10 } }],
  ])('of %s is what the route takes', (_, draft, aim) => {
    const read = readAim({ ...emptyAim, ...draft })
    expect(read).toEqual({ aim })
    expect(propose.body.safeParse({ set: 'november', ...aim }).success).toBe(true)
  })

  it.each<readonly [Partial<AimDraft>, string]>([
    [{ most: '' }, 'most'],
    [{ most: '0' }, 'most'],
    [{ most: '100' }, 'most'],
    [{ most: 'five' }, 'most'],
    [{ kind: 'costs', miss: '0' }, 'costs'],
    [{ kind: 'costs', falseBlock: '-1' }, 'costs'],
    [{ kind: 'costs', falseBlock: '2000000' }, 'costs'],
  ])('of %j says what is wrong with it', (draft, field) => {
    expect(readAim({ ...emptyAim, ...draft })).toMatchObject({ field, fault: expect.stringMatching(/\w/) as string })
  })

  it('of a point is held to the upper bound of its rate, and there is none where nothing is known', () => {
    expect(aimAt({ false_positive_rate: rate(0.03, 0.01, 0.0512) }, emptyAim)).toEqual({ ...emptyAim, most: '5.2' })
    expect(aimAt({ false_positive_rate: rate(0, 0, 0.0001) }, { ...emptyAim, kind: 'costs' })).toEqual({
      ...emptyAim,
      most: '0.1',
    })
    expect(aimAt({ false_positive_rate: unknownRate(0, 0.4) }, emptyAim)).toBeNull()
  })

  it('has costs only where both are numbers above 0', () => {
    expect(costsOf({ falseBlock: '1', miss: '5' })).toEqual({ falseBlock: 1, miss: 5 })
    expect([costsOf({ falseBlock: '', miss: '5' }), costsOf({ falseBlock: '1', miss: 'x' })]).toEqual([null, null])
  })
})
