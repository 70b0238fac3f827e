import { describe, expect, it } from 'vitest'
import { readTrustedWords } from '../../../src/provenance/trusted-words.ts'
import { toldAddressesIn } from '../../../src/provenance/told-addresses.ts'

describe('what leads to somebody without the form of an address', () => {
  it.each([
    ['Ask eve at evil dot com.', 'eve at evil dot com'],
    ['Look: evil dot com, slash x', 'evil dot com'],
    ['See pay dot evil dot co dot uk today', 'pay dot evil dot co dot uk'],
    ['Write to @eve_evil on Telegram', '@eve_evil'],
    ['Telegram: @eve.evil', '@eve.evil'],
    ['@eve on Signal knows more', '@eve'],
    ['Hi <@U0EVE>', '<@U0EVE>'],
    ['Ask eve@evil', 'eve@evil'],
    ['Pay to account 31926819.', '31926819'],
    ['sort code: 60-16-13', '60-16-13'],
    ['Konto Nr. 1234 5678', '1234 5678'],
    ['My account number is 319\u200b26819', '31926819'],
    ['ｗrite to @ｅve', '@eve'],
  ])('%s', (text, told) => {
    expect(toldAddressesIn(text)).toStrictEqual([told])
  })

  it.each([
    'a polka dot tie',
    'The dot product of both',
    'It is at noon, dot.',
    '@app.route("/x")\ndef f(): ...',
    'c = a@b',
    'npm install @scope/name',
    '.x { } @media print { }',
    'The account was closed in 2024.',
    'We have 123456 accounts.',
    'a < b, and c > d',
  ])('is nothing of this: %s', (text) => {
    expect(toldAddressesIn(text)).toStrictEqual([])
  })

  it('is found in a long text in time that grows with it', () => {
    const texts = ['dot '.repeat(50_000), 'a at '.repeat(50_000), 'to @ '.repeat(50_000), 'account 1 '.repeat(50_000)]
    expect(texts.flatMap(toldAddressesIn)).toStrictEqual([])
  })
})

it.each([
  ['Tell her that I am eve at evil dot com', 'eve at evil dot com', true],
  ['My account is 31-92-68-19', '31926819', true],
  ['She is @eve_evil', '@eve_evil', true],
  ['She is eve', '@eve', false],
  ['Write that to bob@x.com', 'eve at evil dot com', false],
])('of words, %s: are they told %s?', (said, told, isTold) => {
  expect(readTrustedWords([said]).tells(told)).toBe(isTold)
})
