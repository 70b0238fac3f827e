import { beforeAll, describe, expect, it } from 'vitest'
import { clockReason } from '../../../../../../src/validators/sql/postgresql/columns/clock.ts'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'

beforeAll(loadGrammar)

function reasonOf(condition: string): string | null {
  const parsed = parseStatement(`SELECT 1 FROM t WHERE ${condition}`)
  if (!('select' in parsed)) throw new Error(JSON.stringify(parsed.findings))
  return clockReason(parsed.select)
}

describe('a clock beside aggregate-only columns', () => {
  it.each([
    "at > now() - interval '30 days'",
    'at BETWEEN CURRENT_TIMESTAMP - a AND CURRENT_TIMESTAMP',
    'coalesce(ended, now()) - begun > a',
    'floor(extract(epoch FROM now() - born) / 31557600) >= 30',
    "date_trunc('hour', now()) < at",
    'at > greatest(now() - a, b)',
    "note LIKE '%now%'",
    "note = 'now or never'",
  ])('may be compared with: %s', (condition) => {
    expect(reasonOf(condition)).toBeNull()
  })

  it.each([
    'extract(day FROM CURRENT_DATE)::int % 2 = 0',
    "md5(now()::date::text) < '8'",
    "hash(date_trunc('week', now())) = 1",
    "hash(to_char(now(), 'YYYY-MM-DD, Day')) = 1",
    'hash(extract(doy FROM now())) = 1',
    'hash(age(born)) = 1',
    "hash('today'::timestamp) = 1",
    'id IN (SELECT CURRENT_DATE - day FROM u)',
  ])('may be shortened to a day for anything: %s', (condition) => {
    expect(reasonOf(condition)).toBeNull()
  })

  it.each([
    'hash(now()) = 1',
    'now() % 2 = 0',
    "md5(now()::text) < '8'",
    'now() - now() < a',
    "now() - date_trunc('second', now()) < a",
    'date_trunc(unit, now()) = now()',
    'extract(second FROM now()) < 30',
    "to_char(now(), 'MS') < '500'",
    "to_char(now(), format) < '500'",
    "to_char(now(), 'YYYY SSSS') < '500'",
    'CURRENT_TIME < a',
    'LOCALTIME < a',
    'now()::time < a',
    "hash('now'::timestamptz) = 1",
    "hash('tomorrow, now') = 1",
    'ARRAY[now()] @> b',
    'id IN (SELECT hash(now()) FROM u)',
    'EXISTS (SELECT now() AS n FROM u)',
    'CASE WHEN hash(now()) = 1 THEN true END',
    'hash(CASE WHEN a THEN now() END) = 1',
    'abs(now() - at) < a',
    'count(*) FILTER (WHERE hash(now()) = 1) > 1',
    'sum(b) OVER (PARTITION BY hash(now())) > 1',
    'string_agg(b, c ORDER BY hash(now())) = a',
  ])('may do nothing else: %s', (condition) => {
    expect(reasonOf(condition)).toMatch(/by the time of day/)
  })
})
