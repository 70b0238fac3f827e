import { describe, expect, it } from 'vitest'
import { isTimeZone } from '../../../../../src/gateway/privacy/mask/time-zones.ts'
import { maskForTest } from '../../../../support/privacy/private-calls.ts'

describe('the name of a time zone', () => {
  const partOf = (text: string, part: string): boolean => {
    const start = text.indexOf(part)
    return isTimeZone(text, start, start + part.length)
  }

  it.each([
    ['TZ=Europe/Berlin', 'Berlin'],
    ['"America/Argentina/Buenos_Aires"', 'Buenos_Aires'],
    ['(America/New_York)', 'America/New_York'],
    ['in Pacific/Port_Moresby.', 'Port'],
  ])('%j is told of its part %j', (text, part) => {
    expect(partOf(text, part)).toBe(true)
  })

  it.each([
    ['in Berlin', 'Berlin'],
    ['Europe/Berlin/report', 'Berlin'],
    ['https://x.example/Europe/Berlin', 'Berlin'],
    ['Hamburg/Berlin', 'Berlin'],
    ['Berlin, Europe/', 'Berlin'],
  ])('%j is none around %j', (text, part) => {
    expect(partOf(text, part)).toBe(false)
  })

  it('is left where the place is masked', async () => {
    const detect = async (parts: readonly { readonly text: string }[]) =>
      parts.flatMap(({ text }, part) =>
        [...text.matchAll(/Zyberg|Berlin/g)].map(({ index: start, 0: { length } }) => {
          return { part, start, end: start + length, category: 'pii/location', action: 'mask' as const }
        }),
      )
    const messages = [{ role: 'user', content: 'I am in Berlin, in the zone Europe/Berlin.' }]
    const { body } = await maskForTest(
      'chat-completions',
      { messages, metadata: { zone: 'Europe/Berlin' } },
      { detect },
    )
    expect(body).toMatch(/in PLACE_\w+, in the zone Europe\/Berlin\..*"zone":"Europe\/Berlin"/)
  })
})
