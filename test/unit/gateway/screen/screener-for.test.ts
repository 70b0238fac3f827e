import { describe, expect, it } from 'vitest'
import { profileSchema, type FilterDecision } from '../../../../src/filters/profile.ts'
import { createScreenerFor, type Granted } from '../../../../src/gateway/screen/screener-for.ts'
import { chain, limits, never } from '../../../support/filters/filter-fixtures.ts'

const told: { readonly request: Granted; readonly decisions: readonly FilterDecision[] }[] = []
const screenerFor = createScreenerFor({
  chain,
  limits,
  profiles: { open: profileSchema.parse({ outbound: { pii: { action: 'allow' } } }) },
  onDecisions: (request, decisions) => told.push({ request, decisions }),
})
const request = (filterProfile: string) =>
  ({ principal: { id: 'k1', kind: 'api-key', group: 'finance' }, grant: { filterProfile } }) as Granted
const left = (filterProfile: string, direction: 'inbound' | 'outbound' = 'outbound') =>
  screenerFor(request(filterProfile), direction, () => null).text('mail bob@example.com', 'model', never)

describe('the screener of a request', () => {
  it('keeps to the profile that its grant names; the default one is there without being listed', async () => {
    expect([await left('open'), await left('default')]).toEqual(['mail bob@example.com', 'mail [email]'])
  })

  it('keeps to the rules of its direction', async () => {
    expect([await left('open', 'inbound'), await left('default', 'inbound')]).toEqual([
      'mail [email]',
      'mail bob@example.com',
    ])
  })

  it('has the limits of the service, and hides SQL where that is asked', async () => {
    const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'
    const screener = screenerFor(request('open'), 'outbound', () => [statement])
    expect(screener).toMatchObject(limits)
    expect(await screener.text(statement, 'model', never)).toBe('[SQL withheld]')
  })

  it('tells what was decided, for whom, in which group and direction', async () => {
    told.length = 0
    await left('default')
    expect(told).toMatchObject([
      {
        request: request('default'),
        decisions: [{ category: 'pii/email', effective: 'mask', direction: 'outbound', start: 5, end: 20 }],
      },
    ])
  })

  it.each(['strict', '', 'toString', '__proto__'])('is none for the profile %j that is not there', (name) => {
    expect(() => screenerFor(request(name), 'outbound', () => null)).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: `The group "finance" names the filter profile "${name}", which is not there.`,
        advice: 'Name one of: default, open.',
      }),
    )
  })
})
