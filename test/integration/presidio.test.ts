import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { presidioOptions } from '../../src/filters/remote/options.ts'
import { createPresidioFilter } from '../../src/filters/remote/presidio.ts'
import { FakePresidio } from '../support/privacy/fake-presidio.ts'
import { presidioPackages, startPresidioServer } from '../support/privacy/presidio-server.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import type { ListeningProgram } from '../support/python/listening-program.ts'

const packages = presidioPackages()
if (typeof packages === 'string') process.stderr.write(`SKIPPED: Presidio cannot be had: ${packages}\n`)

const context = { direction: 'inbound', group: 'default', executedSql: [] } as const

describe.skipIf(typeof packages === 'string')("Presidio's own analyzer", () => {
  let server: ListeningProgram

  beforeAll(async () => {
    if (typeof packages !== 'string') server = await startPresidioServer(packages.python)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const find = async (text: string, settings: object = {}, more: object = {}) => {
    const filter = createPresidioFilter(presidioOptions.parse({ url: server.url, ...settings }))
    const findings = await filter.inspect([{ text, provenance: 'user' }], { ...context, ...more }, never)
    return findings.map(({ start, end, category }) => `${category} ${text.slice(start, end)}`).toSorted()
  }

  it('finds names where they stand, behind characters that Python counts as one and we as two', async () => {
    const text = '😀🎉 𝒳 Maria Schneider of Berlin wrote to David Miller in Chicago. 😀'
    expect(await find(text)).toEqual([
      'pii/location Berlin',
      'pii/location Chicago',
      'pii/person David Miller',
      'pii/person Maria Schneider',
    ])
  })

  it('finds names in all of a long text, and answers for texts that its model cannot read', async () => {
    const filler = 'The quarterly report has twelve pages, and nobody has read the fourth section of it yet. '
    const text = `${filler.repeat(120)}Maria Schneider lives in Berlin. \ud800 ${filler.repeat(120)}David Miller left Chicago.`
    const found = await find(text)
    for (const name of ['pii/person Maria Schneider', 'pii/location Berlin', 'pii/person David Miller']) {
      expect(found).toContain(name)
    }
  })

  it('is asked for the configured entities alone, and for none of people where only structured values are hidden', async () => {
    const text = 'Maria Schneider has the card 4111 1111 1111 1111.'
    const settings = { entities: ['CREDIT_CARD', 'PERSON'] }
    expect(await find(text, settings)).toEqual(['pii/card 4111 1111 1111 1111', 'pii/person Maria Schneider'])
    expect(await find(text, settings, { structuredOnly: true })).toEqual(['pii/card 4111 1111 1111 1111'])
  })

  it('is refused with an entity or a language that it does not look for, which it would leave out without a word', async () => {
    await expect(find('Maria Schneider', { entities: ['PERSONS'] })).rejects.toThrow('does not look for PERSONS')
    await expect(find('Maria Schneider', { language: 'xx' })).rejects.toThrow('status 500')
  })

  it('answers in the form that its double of the unit tests has, faults included', async () => {
    await using double = await FakePresidio.start()
    const forms = async (url: string) => {
      const ask = async (body: object) => {
        const options = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        const response = await fetch(`${url}/analyze`, options)
        return [response.status, response.headers.get('content-type'), await response.json()]
      }
      const question = { language: 'en', entities: ['PERSON', 'NOBODY'], score_threshold: 0.5 }
      const unknown = await fetch(`${url}/supportedentities?language=xx`)
      return {
        one: await ask({ ...question, text: '😀 Kim Wexler' }),
        list: await ask({ ...question, text: ['Kim Wexler', '', 'none'] }),
        unknown: [unknown.status, await unknown.json()],
      }
    }
    expect(await forms(double.url)).toEqual(await forms(server.url))
  })

  it('finds nothing in what is no text, and in nothing', async () => {
    expect(await find('')).toEqual([])
    expect(await find(' \n\t ')).toEqual([])
    expect(await find('{}[]();')).toEqual([])
  })
})
