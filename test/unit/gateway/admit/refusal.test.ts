import { describe, expect, it } from 'vitest'
import type { QuotaLimit, QuotaRefused, QuotaUnit } from '../../../../src/core/quotas.ts'
import { refusalOf } from '../../../../src/gateway/admit/refusal.ts'

const now = Date.UTC(2026, 10, 27, 12)

function refusal(limit: Partial<QuotaLimit>, more: Partial<QuotaRefused> & { used?: number; held?: number } = {}) {
  const { used = 0, held = 0, ...refused } = more
  const standing = {
    limit: { account: 'key:ann', unit: 'tokens', window: 'day', most: 100, ...limit } as const,
    used,
    held,
    now,
    nextAt: null,
  }
  return refusalOf({ kind: 'refused', standing, asked: 10, fitsAt: null, fitsWithoutHeld: false, ...refused }, 7)
}

describe('a refusal for a limit', () => {
  it.each<readonly [QuotaUnit, string]>([
    ['requests', 'requests'],
    ['tokens', 'tokens'],
    ['input_tokens', 'input tokens'],
    ['output_tokens', 'output tokens'],
    ['money', 'millionths of the currency'],
    ['sandbox_ms', 'milliseconds of sandboxes'],
    ['rows', 'rows'],
    ['bytes', 'bytes'],
  ])('names %s as %s', (unit, name) => {
    expect(refusal({ unit }, { used: 95 }).message).toBe(`Of 100 ${name} a day, 5 are left; this request may need 10.`)
  })

  it.each<readonly [QuotaLimit['window'], string]>([
    ['hour', ' an hour'],
    ['day', ' a day'],
    ['month', ' a month'],
    ['30s', ' in 30 s'],
    ['60s', ' in 1 min'],
    ['90s', ' in 90 s'],
    ['7200s', ' in 120 min'],
  ])('names the window %s as "%s"', (window, name) => {
    expect(refusal({ window }, { used: 100 }).message).toBe(
      `Of 100 tokens${name}, 0 are left; this request may need 10.`,
    )
  })

  it.each([
    ['key:ann', ''],
    ['group:default', ' of your group'],
    ['user:ann', ' of this user'],
    ['tenant:acme', ' of your organization'],
  ])('says whose the limit of %s is', (account, owner) => {
    expect(refusal({ account }).message).toMatch(`Of 100 tokens a day${owner}, 100 are left`)
    const own = owner === '' ? 'yours' : owner.slice(4)
    expect(refusal({ account, unit: 'runs', window: 'running', most: 3 }).message).toBe(
      `3 requests of ${own} are already running.`,
    )
    expect(refusal({ account }, { held: 95, fitsWithoutHeld: true }).message).toBe(
      `Of 100 tokens a day${owner}, 5 are left; this request may need 10. Requests of ${own} that run hold 95.`,
    )
  })

  it('says that nothing is left where more was used than there is', () => {
    expect(refusal({}, { used: 90, held: 30 }).message).toBe(
      'Of 100 tokens a day, 0 are left; this request may need 10.',
    )
    expect(refusal({}, { used: 60, held: 35 }).message).toContain(', 5 are left;')
  })

  it('for running requests waits as long as one usually takes; a group that may have none is told another thing', () => {
    expect(refusal({ unit: 'runs', window: 'running', most: 1 })).toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 7,
    })
    expect(refusal({ unit: 'runs', window: 'running', most: 0 }, { asked: 1 })).toMatchObject({
      code: 'quota-exceeded',
      message: 'Of 0 requests at a time, 0 are left; this request may need 1. That is more than there ever are.',
    })
  })

  it('is one for good where more is asked than there ever is, and not where all of it is', () => {
    expect(refusal({}, { asked: 101, fitsAt: now + 1_000 })).toMatchObject({
      code: 'quota-exceeded',
      message: 'Of 100 tokens a day, 100 are left; this request may need 101. That is more than there ever are.',
      advice: 'Send less, or ask for a shorter answer (max_tokens).',
      resetsAt: undefined,
    })
    expect(refusal({}, { asked: 100, used: 1, fitsAt: now + 1_000 })).toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 1,
    })
  })

  it('says when it fits: seconds where that is soon, the moment where it is not', () => {
    expect(refusal({}, { used: 100, fitsAt: now + 60_000 })).toMatchObject({
      code: 'rate-limited',
      message: 'Of 100 tokens a day, 0 are left; this request may need 10. It fits at 2026-11-27T12:01:00.000Z.',
      retryAfterSeconds: 60,
    })
    expect(refusal({}, { used: 100, fitsAt: now + 60_001 })).toMatchObject({
      code: 'quota-exceeded',
      resetsAt: new Date(now + 60_001),
    })
    expect(refusal({}, { used: 100 })).toMatchObject({ code: 'quota-exceeded', resetsAt: undefined })
  })

  it('waits for the end of requests that run, or for what is sooner', () => {
    expect(refusal({}, { held: 95, fitsWithoutHeld: true })).toMatchObject({ retryAfterSeconds: 7 })
    expect(refusal({}, { held: 95, fitsWithoutHeld: true, fitsAt: now + 3_000 })).toMatchObject({
      retryAfterSeconds: 3,
    })
    expect(refusal({}, { held: 95, fitsWithoutHeld: true, fitsAt: now + 9_000 })).toMatchObject({
      retryAfterSeconds: 7,
    })
  })

  it('has the headers of how the limit stands, whatever it is for', () => {
    const headers = (most: number) => [
      'ratelimit-policy',
      `"key-tokens-day";q=${most};w=86400`,
      'ratelimit',
      `"key-tokens-day";r=${most - 5}`,
    ]
    expect(refusal({}, { used: 5 }).headers).toEqual(headers(100))
    expect(refusal({}, { used: 5, asked: 101 }).headers).toEqual(headers(100))
    expect(refusal({}, { held: 5, fitsWithoutHeld: true }).headers).toEqual(headers(100))
    expect(refusal({ unit: 'runs', window: 'running', most: 2 }, { held: 2 }).headers).toEqual([
      'ratelimit-policy',
      '"key-runs-running";q=2',
      'ratelimit',
      '"key-runs-running";r=0',
    ])
  })
})
