import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateSample, sampleVersion } from '../../../../src/databases/sample/generator.ts'
import { sampleAllowedRelations, sampleComments, sampleTables } from '../../../../src/databases/sample/schema.ts'

const sample = generateSample()
const rows = (table: string): string[][] => {
  const text = sample.find(([name]) => name === table)?.[1] ?? ''
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}

function passesLuhn(number: string): boolean {
  const digits = Array.from(number.replaceAll(' ', ''), Number).reverse()
  const sum = digits.reduce((total, digit, index) => {
    const value = index % 2 === 1 ? digit * 2 : digit
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

describe('the sample shop', () => {
  it('is the same every time, and has a new version number when it is not', () => {
    const digest = createHash('sha256').update(JSON.stringify(sample)).digest('hex')
    expect({ version: sampleVersion, digest }).toEqual({
      version: 2,
      digest: '31422e07f7d42ee9ed460e6b2dda5b8d39d17567525f9ec00623803947f5fd80',
    })
  })

  it('fills every table, order lines in six figures', () => {
    expect(sample.map(([table]) => table).sort()).toEqual([...sampleTables].sort())
    expect(rows('order_lines').length).toBeGreaterThanOrEqual(100_000)
  })

  it('has card numbers of sixteen digits that pass Luhn', () => {
    const cards = rows('customers').map((row) => row[4] ?? '')
    expect(cards.filter((card) => !/^\d{4} \d{4} \d{4} \d{4}$/.test(card) || !passesLuhn(card))).toEqual([])
  })

  it('has e-mail addresses in reserved domains only, no two alike', () => {
    const emails = rows('customers').map((row) => row[2] ?? '')
    expect(emails.filter((email) => !/^[a-z]+\.[a-z]+\d+@example\.(com|org|net)$/.test(email))).toEqual([])
    expect(new Set(emails).size).toBe(emails.length)
  })

  it('has totals that are the sum of their lines and the shipping fee', () => {
    const cents = (text: string | undefined): number => Math.round(Number(text) * 100)
    const goods = new Map<string, number>()
    for (const line of rows('order_lines')) {
      goods.set(line[0] ?? '', (goods.get(line[0] ?? '') ?? 0) + cents(line[6]))
    }
    const wrong = rows('orders').filter(
      (order) => cents(order[6]) !== cents(order[5]) + (goods.get(order[0] ?? '') ?? 0),
    )
    expect(wrong).toEqual([])
  })

  it('sells to nobody before they signed up', () => {
    const signedUp = new Map(rows('customers').map((row) => [row[0], row[9] ?? '']))
    const early = rows('orders').filter((order) => (order[2] ?? '').slice(0, 10) < (signedUp.get(order[1]) ?? ''))
    expect(early).toEqual([])
  })

  it('grows from year to year and peaks in December', () => {
    const count = (prefix: string): number => rows('orders').filter((order) => order[2]?.startsWith(prefix)).length
    expect(count('2024')).toBeGreaterThan(count('2023') * 1.1)
    expect(count('2025')).toBeGreaterThan(count('2024') * 1.1)
    expect(count('2024-12')).toBeGreaterThan(count('2024-02') * 1.7)
  })

  it('refunds exactly the orders marked as refunded, never more than was paid', () => {
    const orders = new Map(rows('orders').map((row) => [row[0], row]))
    const refunded = new Map<string, number>()
    for (const row of rows('refunds')) refunded.set(row[1] ?? '', (refunded.get(row[1] ?? '') ?? 0) + Number(row[3]))
    expect([...orders.values()].filter((row) => (row[4] === 'refunded') !== refunded.has(row[0] ?? ''))).toEqual([])
    expect([...refunded].filter(([order, amount]) => amount > Number(orders.get(order)?.[6]) + 0.001)).toEqual([])
  })

  it('has personal data and words to a machine in its free text', () => {
    const bodies = rows('reviews').map((row) => row[5] ?? '')
    expect(bodies.filter((body) => /@example\./.test(body)).length).toBeGreaterThan(10)
    expect(bodies.some((body) => body.includes('Ignore all previous instructions'))).toBe(true)
  })

  it('comments every table, and leaves salaries out of what is allowed', () => {
    expect(sampleTables.filter((table) => sampleComments[table] === undefined)).toEqual([])
    expect(sampleAllowedRelations).not.toContain('public.staff_salaries')
  })
})
