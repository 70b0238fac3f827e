import { describe, expect, it } from 'vitest'
import { decisions } from '../../../../src/gateway/authorize/decisions.ts'
import { createTimeOfDay } from '../../../../src/gateway/authorize/time-of-day.ts'
import { grantInput } from '../../../support/policy/inputs.ts'

describe('the time that rules read', () => {
  it.each([
    ['UTC', '2026-03-02T23:59:59Z', { date: '2026-03-02', weekday: 'monday', hour: 23, minute: 59 }],
    ['UTC', '2026-03-03T00:00:00Z', { date: '2026-03-03', weekday: 'tuesday', hour: 0, minute: 0 }],
    ['Europe/Berlin', '2026-03-02T23:30:00Z', { date: '2026-03-03', weekday: 'tuesday', hour: 0, minute: 30 }],
    ['Europe/Berlin', '2026-07-01T22:30:00Z', { date: '2026-07-02', weekday: 'thursday', hour: 0, minute: 30 }],
    ['America/Los_Angeles', '2026-01-01T07:59:00Z', { date: '2025-12-31', weekday: 'wednesday', hour: 23, minute: 59 }],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', { date: '2026-01-01', weekday: 'thursday', hour: 5, minute: 45 }],
  ])('in %s at %s is of that place', (zone, moment, time) => {
    expect(createTimeOfDay(zone)(new Date(moment))).toEqual({ zone, ...time })
  })

  it('is of the form that a question has, on every day of a week and in every hour', () => {
    const timeOfDay = createTimeOfDay('UTC')
    const hours = Array.from({ length: 7 * 24 }, (_, hour) => timeOfDay(new Date(Date.UTC(2026, 2, 2, hour))))
    const faults = hours.filter((time) => !decisions.grant.input.safeParse(grantInput({ time })).success)
    expect(faults).toEqual([])
    expect(new Set(hours.map(({ weekday }) => weekday)).size).toBe(7)
  })

  it('goes on, and back with a clock that is set back', () => {
    const timeOfDay = createTimeOfDay('UTC')
    const minutes = ['10:00', '10:01', '09:59', '10:01'].map((at) => timeOfDay(new Date(`2026-03-02T${at}:30Z`)).minute)
    expect(minutes).toEqual([0, 1, 59, 1])
  })
})
