import { describe, expect, it } from 'vitest'
import { never, stream, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const mail = 'carol@example.com'
const base64 = (bytes: Buffer) => bytes.toString('base64')
const codes = (text: string, write: (code: number) => string) =>
  Array.from(text, (character) => write(character.codePointAt(0) ?? 0)).join('')
const pair = (code: number) => code.toString(16).padStart(2, '0')

/** What leaves of a sentence that holds the text; the same as a stream. */
async function leaving(text: string): Promise<string> {
  const sentence = `Here it is: ${text} as you see.`
  const whole = await testScreener().text(sentence, 'file', never)
  const chunks = sentence.match(/[^]{1,3}/g) ?? []
  expect((await stream(chunks, testScreener())).replaceAll('] (', '](').replaceAll('< ', '<')).toBe(whole)
  return whole
}

describe('what a reader sees as one value', () => {
  it.each([
    ['4111 **1111** 1111 1111', '[card]'],
    ['**4111** **1111** **1111** **1111**', '**[card]**'],
    ['`4111` `1111` `1111` `1111`', '`[card]`'],
    ['41*11* 1111 1111 1111', '[card]'],
    ['*41*11 1111 1111 1111', '*[card]'],
    ['4111 1*11*1 1111 1111', '[card]'],
    ['4111 1111 111*1* 1111', '[card]'],
    ['4111*1111*1111*1111', '[card]'],
    ['078-05-1*12*0', '[ssn]'],
    ['4111&nbsp;1111&nbsp;1111&nbsp;1111', '[card]'],
    ['4111<!-- x --> 1111 11<b>11</b> 1111', '[card]'],
    ['[4111 1111](/a) 1111 1111', '[[card]'],
    ['the card 4111 1111\n> 1111 1111 in two lines', 'the card [card] in two lines'],
    ['carol**@**example.com', '[email]'],
    ['carol<span class="x">@</span>example.com', '[email]'],
    ['carol@exam&shy;ple.com', '[email]'],
    ['carol&commat;example&period;com', '[email]'],
    ['carol&amp;#64;example.com', '[email]'],
    ['carol%2540example.com', '[email]'],
    ['carol\\@example.com', '[email]'],
    ['| a | carol~~@~~example.com |', '| a | [email] |'],
    ['carol@example\u3002com', '[email]'],
    ['<a title="carol&#64;example.com">x</a>', '<a title="[email]">x</a>'],
  ])('S9: is masked as one: %s', async (text, expected) => {
    verifies('filters.disguises')
    expect(await leaving(text)).toBe(`Here it is: ${expected} as you see.`)
  })
})

describe('an address in encoded bytes', () => {
  const latin = Buffer.from(`f\u00fcr J\u00fcrgen: ${mail}, \u00e9`, 'latin1')
  const wide = Buffer.from(`the address: ${mail} `, 'utf16le')
  const noise = Buffer.concat([Buffer.from([0, 1, 0xff, 0x9c]), Buffer.from(mail), Buffer.from([0xfe, 3])])
  it.each([
    ['base64 of Latin-1', base64(latin)],
    ['base64 of UTF-16', base64(wide)],
    ['base64 of UTF-16, big end first', base64(Buffer.from(wide).swap16())],
    ['base64 of bytes around it', base64(noise)],
    ['base64 behind a prefix of one', `k${base64(Buffer.from(`mail ${mail} `))}`],
    ['base64 behind a prefix of two', `ke${base64(Buffer.from(`mail ${mail} `))}`],
    ['base64 behind a prefix of three', `key${base64(Buffer.from(`mail ${mail} `))}`],
    ['hexadecimal of Latin-1', latin.toString('hex')],
    ['hexadecimal behind a digit', `a${latin.toString('hex')}`],
    ['hexadecimal as a list', codes(mail, (code) => `0x${pair(code)}, `)],
    ['a dump of pairs with colons', codes(mail, (code) => `${pair(code)}:`)],
    ['UTF-32 in base64', base64(Buffer.from(codes(mail, (code) => `${String.fromCharCode(code)}\0\0\0`)))],
    ['escapes of Python', codes(mail, (code) => `\\U${code.toString(16).padStart(8, '0')}`)],
    ['octal escapes', codes(mail, (code) => `\\${code.toString(8)}`)],
    ['a quoted-printable mail', codes(mail, (code) => `=${pair(code).toUpperCase()}`)],
    ['base64 in base64 in hexadecimal', Buffer.from(base64(Buffer.from(base64(Buffer.from(mail))))).toString('hex')],
  ])('S10: is masked in %s', async (_what, text) => {
    verifies('filters.disguises')
    expect(await leaving(text)).toContain('[email]')
  })

  it.each([
    ['pairs', (code: number) => `${pair(code)} `, '73 65 65 20 [email] 20 6e 6f 77 '],
    ['a list', (code: number) => `0x${pair(code)},`, '0x73,0x65,0x65,0x20,0x[email],0x20,0x6e,0x6f,0x77,'],
  ])('is masked from its first digit to its last in %s', async (_what, write, expected) => {
    expect(await leaving(codes(`see ${mail} now`, write))).toBe(`Here it is: ${expected} as you see.`)
  })

  it('S1: leaves nothing of a long run of base64 with an address a line, streamed or whole', async () => {
    const lines = Array.from({ length: 180 }, (_, index) => `${index};user${index}@example.com;12.50`)
    const text = `Data: ${base64(Buffer.from(lines.join('\n')))}`
    const whole = await testScreener().text(text, 'model', never)
    const streamed = await stream(text.match(/[^]{1,7}/g) ?? [], testScreener())
    expect(streamed).toBe(whole)
    expect(whole.match(/\[email\]/g)).toHaveLength(180)
  })
})
