import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInert } from '../../../src/filters/inert.ts'
import { windowsOf } from '../../../src/filters/windows/windows.ts'
import { chain, never } from '../../support/filters/filter-fixtures.ts'
import { defaultProfile } from '../../../src/filters/profile.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const context = { direction: 'outbound', group: 'default', executedSql: [] } as const

/** Harmless pieces of which inert texts are made, and what filters look for, whole and in parts. */
const pieces = [
  'revenue', 'Germany', 'phone', 'card', 'ssn', 'password', 'token', 'sk-', 'SG.', 'eyJ', 'dot', 'd*ot', 'at', ' ', ' ', ' ', '*', '**',
  '.', ', ', '\n', '\n\n', ' \n', '-', '%', '%4', '%40', '12', '3', '030', '555', '0143', '4111', '1111', '41', '11*', 'DE89', 'DE8', '3704',
  'ab', 'ef', 'ad be ', '6a 6', '40', 'QGV4', 'YW1w', 'bGUu', 'anna', 'example.com', '@', ':', '=', '(at)', '[dot]', '(', ')', '&#64;',
  '=40', '=2E', '=61', '=\n', 'url(', 'data=', 'href =', '][', ']:', '[', ']', '\n>', '\t\n', '2024-05-03', '2024/05/03', 'T12:33:45', '+', '$', '#',
  '\\x40', '<b>', '<', '/b>', 'pass', 'word', 'secret: ', 'api_key=', 'bearer ', 'abcdefghijklmnopqr', '-----BEGIN PRIVATE KEY-----', 'Netherlands', '中文',
  '＠', '．', 'а', '“', '( at )', '(.)', ' - ', '·', ' • ', '  ', 'card ', 'ssn ', '4399', '90', '536', '&#64', '&amp;', '0x61', '__', '~~', '](', '://', 'é', '\u200b', '１２', '_', '~', '`', '/', '+49', 'AKIA', 'ghp',
] // prettier-ignore
/** Values that are made of harmless characters alone. */
const values = [
  ' anna at example dot com ', 'anna at exam*ple d*ot com', 'am9AYWIuZGU', 'YW5uYUBleGFtcGxlLmNvbQ', '61 6e 6e 61 40 62 2e 63 6f 6d ',
  '616e6e6140622e636f6d', 'sk-abcdefghijklmnopqrst', 'glpat-abcdefghijklmnopqrst', 'DE89 3704 0044 0532 0130 00', '555-014-3999', 'card 4111 - 1111 - 1111 - 1111', 'ssn 536 - 90 - 4399', 'we pay with 411111 1111  111111',
  '61 6e 6e 61 40 62 2e\n63 6f 6d', 'anna%4*0b.co', 'call 030 12 \n34567', 'password: hunter22', 'api_key=abcdEFGH1234ijkl', 'Bearer abcdefghijkl~~mnop1234',
  'npm_abcdefghijklmnopqrstuvwxyz0123456789', 'anna (at) example.com', 'YW5uYUBleGFtcGxl\nLmNvbQ', 'MT84 MALT abcd efgh ijkl mnop qrst uvw', 'anna=40example.com',
  'anna&#64;example.com', 'MALT31337', 'a\n>b', 'call 555\n> 0143', '2024-05-03 555 0143', '+12 2024-05-03', '4111 1111 1111 2024-05-03',
  '1*2024-05-03 11', '2024-05-03*1*1 12', '3*-2024-05-03 1', '2024-05-03-*4* 555', '*2024-05-03*', '030 **2024-05-03**1',
] // prettier-ignore
/** What is found by one sign alone: without its check the text would be called inert. */
const oneSign = [
  'mt47 abcd efgh ijkl mnop qrst uvwx yza (a)', 'anna (  \nat) example.com', 'anna (\n> at) example.com', '555=2D=30=31=34=2D=33=39=39=39',
  'the card 4111 - 1111 - 1111 - 1111', 'card 4111 • 1111 • 1111 • 1111', 'SSN 536 - 90 - 4399', 'Visa 411  111  111  111  111  1', 'my ssn: 536  90  4399',
  'card 4111·1111·1111·1111',
  '=3D 555-01=\n4-3999', 'AQEBAQEBAQEBYUBi\nLmNvAQE=', '6a 40 6b 2e 6d 6f', '0x6a 0x40 0x6b 0x2e 0x6d 0x6f', '+49 030 2024-05-03', 'anna%40b.co',
  '-----BEGIN PRIVATE KEY-----\nabcdefghijklmnopqrst', 'src = x', 'Bearer abcdefghijkl~~mnop1234', 'npm_abcdefghijklmnopqrstuvwxyz0123456789', 'anna at b dot de',
  'anna&#64;b.co', 'anna=40b.co', 'Bearer abcdef~~~~ghijk1', 'Bearer abcdef____ghijk1', 'Bearer abcdef.~_+ghijk1', 'YUBiLmNv', 'password: hunter22', '030 1234567', '[a](https://b)', '<b x>', 'url(x',
] // prettier-ignore
const plain = pieces.filter((piece) => /^[\w .,\n*%-]*$/.test(piece))

const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join('')),
  fc.array(fc.constantFrom(...plain), { maxLength: 24 }).map((all) => all.join('')),
  fc.array(fc.constantFrom(' ', '*', 'revenue ', '\n', ...values), { maxLength: 4 }).map((all) => all.join('')),
)

async function decisionsOn(whole: string, form?: 'markdown' | 'html') {
  const shared = { provenance: 'row' as const, label: 'phone', ...(form === undefined ? {} : { form }) }
  const parts = [...windowsOf(whole)].map(({ text: part, from, to }) =>
    Object.assign({ text: part, focus: { start: from, end: to } }, shared),
  )
  return chain.decide(parts, { profile: defaultProfile, context }, never)
}

describe('a text that is inert', () => {
  it('S2: holds nothing that any detector finds, in any form', async () => {
    let inert = 0
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(undefined, 'markdown' as const, 'html' as const), async (whole, form) => {
        if (!isInert(whole)) return
        inert += 1
        expect(await decisionsOn(whole, form)).toEqual([])
      }),
      { numRuns: propertyRuns(20_000), seed: 20_261 },
    )
    expect(inert).toBeGreaterThan(propertyRuns(20_000) / 10)
  })

  it.each(oneSign)('S2: is not one with %j, in which a detector finds something', async (whole) => {
    const inForms = await Promise.all(
      ([undefined, 'markdown', 'html'] as const).map((form) => decisionsOn(whole, form)),
    )
    expect(inForms.flat()).not.toEqual([])
    expect(isInert(whole)).toBe(false)
  })

  it('S2: is what prose with emphasis and a few numbers is', () => {
    expect(isInert('Revenue grew by **12.5 %** in Germany, 3012 in all.\n\nIt fell in France.')).toBe(true)
  })

  it.each([
    'Anna Berg (Customer) ordered on 2024-05-03 at 12:33:45; paid $12.50 [net].', '{"order_id": 12345, "name": "Berta", "ok": true}',
    '1234 - 5678', '123 ------ 456 ------ 789 ------ 012', '12 | 345 | 678 | 901', '12345,Emil,Netherlands,2024-05-03,123.45', 'https://shop.example.com/orders/1234?page=2&size=25', 'Müller “à la carte” – 20 €', '中文和日本語。', '| **4711** | `net` | 123.45 | 2024-05-03 |',
  ])('S2: is what a cell of a database often is: %j', (whole) => expect(isInert(whole)).toBe(true)) // prettier-ignore

  /** Alone, and beside a date, which is taken out before digits are counted once more. */
  const besides = ['', '2024-05-03; ', '2024-05-03;\n12-31; ']

  it.each([
    ['six digits', '123456'],
    ['six digits in marks', '12*34*56'],
    ['seven digits, three characters apart', '123   4567'],
    ['eight digits, five characters apart', '1234     5678'],
    ['nine digits, six characters apart', '1234      56789'],
    ['nine digits, a letter between them', '1234a56789'],
    ['six digits, then a word and more', '123456 and 123456'],
    ['digits of several numbers', '12 345a 678 901'],
  ])('S2: is one with %s: %j', (_what, whole) => {
    expect(besides.map((before) => isInert(before + whole))).toEqual([true, true, true])
    expect(isInert(`${whole} and ${whole}`)).toBe(true)
  })

  it.each([
    ['seven digits', '1234567'],
    ['seven digits in marks', '12**34_567'],
    ['seven digits, two characters apart', '123  4567'],
    ['seven digits, two characters apart twice', '12. 34. 567'],
    ['seven digits, bullets between them', '123·4567'],
    ['seven digits, a line between them', '123\n4567'],
    ['nine digits, five characters apart', '1234     56789'],
    ['nine digits, five characters apart twice', '123 ( ) 456 ( ) 789'],
    ['digits that a word stands before', 'and 12 and 345 6789'],
  ])('S2: is none with %s: %j', (_what, whole) => {
    expect(besides.map((before) => isInert(before + whole))).toEqual([false, false, false])
    expect(isInert(`${whole} and `)).toBe(false)
  })

  it.each([
    ['a beginning of a key with less than a key has', 'sk-abcdefghijklm', 'sk-abcdefghijkl'],
    ['a beginning of a key, marks in it', 'sk-abc__efghijklm', 'sk-ab__efghijkl'],
    ['a beginning of a key, other marks in it', 'sk-abc~~efghijklm', 'sk-ab~~efghijkl'],
    ['a word for a key, and what is as long as one', 'bearer abcdefghijklmnop', 'bearer abcdefghijklmno'],
    ['a word for a key, and runs with a blank between them', 'bearer abcdefghi-jklmnop', 'bearer abcdefghi jklmnop'],
    ['lines of an encoding', 'abcdefghijklmnop\nq', 'abcdefghijklmno\nq'],
    ['eight characters of base64', 'YUBiLmNv', 'YUBiLmN'],
    ['eight characters of base64 with a mark', 'YUBi*LmNv', 'YUBi*LmN'],
    ['eight characters of base64 behind a dot', 'Ab.YUBiLmNv', 'Ab.YUBi.LmNv'],
    ['base64 that begins within its first four', 'abcYUBiLmNv', 'abc YUBiLmN'],
    ['base64 with small letters alone', 'yubilmnvYUBiLmNv', 'yubilmnv'],
    ['six pairs', '6a 40 6b 2e 6d 6f', '6a 40 6b 2e 6d'],
    ['six pairs in capitals', '6A 40 6B 2E 6D 6F', '6A 40 6B 2E 6D g'],
    ['six pairs without blanks', 'g6a406b2e6d6f', 'g6a406b2e6dg6f'],
    ['six pairs that begin with their second half', 'b6a406b2e6d6f', 'b6a406b2e6d'],
    ['six pairs with a mark', '6a 40*6b 2e 6d 6f', '6a 40*6b 2e 6d'],
    ['pairs behind 0x', '0x61, 0x40, 0x62', '0y61, 0y40, 0y62'],
    ['a line of its own kind', 'a\u2028b', 'a\u2027b'],
    ['a paragraph of its own kind', 'a\u2029b', 'a\u202fb'],
  ])('S2: is none with %s: %j, and is one with %j', (_what, active, inert) => {
    expect([isInert(active), isInert(inert)]).toEqual([false, true])
    expect([isInert(`so now ${active}`), isInert(`so now ${inert}`)]).toEqual([false, true])
  })

  it('S2: is one up to a length, with a date up to another', () => {
    const words = (length: number) => 'ab '.repeat(length).slice(0, length)
    expect([words(16_384), words(16_385)].map(isInert)).toEqual([true, false])
    const dated = (length: number) => `2024-05-03 ${words(length - 11)}`
    expect([dated(4_096), dated(4_097)].map(isInert)).toEqual([true, false])
  })

  it('S2: is none with a character that is not foreseen', () => {
    for (const sign of ['@', '\\', '\u0000', '\r', '\u007f'])
      expect([sign, isInert(`a ${sign} b`)]).toEqual([sign, false])
    for (const sign of ['é', '\u0080', '·', '•', '中']) expect([sign, isInert(`a ${sign} b`)]).toEqual([sign, true])
    expect([isInert(''), isInert('a')]).toEqual([true, true])
  })

  it.each([
    'a@b.co', '4*1*1*1 111', 'anna at berg d*ot de', 'YUBiLmNv', '%4*0', '61 40 62 2e 63 6f', 'DE89 3704 0044 0532 0130 00', 'ghp_sixteencharacters01',
    '(at)', 'password: y', '\u2028', 'a＠b', '030 1234 \n567', '555\n>0143', '[a](b)', '<b>', 'data=x', 'url(x', '=40', '&#64', '+1 2024-05-03', '2024-05-03-12', '1*2024-05-03', '2024-05-03*1', '4111 - 1111 - 1111 - 1111', '4111·1111 • 1111·1111', '536 - 90 - 4399', '12 (345) - 6789 - 01', '1*-2024-05-03', '2024-05-03-*1*', '*2024-05-03* 1', '12*34 567*8',
  ])(
    'S2: is not one with %j',
    (whole) => expect(isInert(whole)).toBe(false),
  ) // prettier-ignore
})
