/** Texts with values planted in them in every disguise that is promised to be seen through, decided by a random source. */
type Random = () => number

export interface DisguisedText {
  readonly text: string
  readonly chunks: readonly string[]
  /** What must not be found in what leaves: each is a value as it stands in the text. */
  readonly planted: readonly { readonly disguise: string; readonly form: string }[]
}

const oneOf = <Item>(random: Random, items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item
const upTo = (random: Random, most: number) => Math.floor(random() * (most + 1))

const values: readonly string[] = [
  'anna.berg@example.com',
  'carol_x+shop@mail.example.co.uk',
  '4111 1111 1111 1111',
  '5500-0000-0000-0004',
  '4539578763621486',
  '+49 30 901820',
  '+1 202-555-0143',
  'SSN 536-90-4399',
  'DE89 3704 0044 0532 0130 00',
  'GB82WEST12345698765432',
  'ghp_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab',
]

const characters: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'Latin-1': (text) => Buffer.from(`f\u00fcr J\u00f6rg: ${text} \u00e9`, 'latin1'),
  'UTF-16, little end first': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16, big end first': (text) => Buffer.from(text, 'utf16le').swap16(),
  'bytes before and after': (text) =>
    Buffer.concat([Buffer.from([1, 0xff, 0x80, 7]), Buffer.from(text), Buffer.from([0xfe, 2])]),
}

const wrapped = (text: string, width: number) => text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n')
const codes = (text: string, write: (code: number) => string) =>
  Array.from(text, (character) => write(character.codePointAt(0) ?? 0)).join('')
const two = (code: number) => code.toString(16).padStart(2, '0')

const encodings: Readonly<Record<string, (bytes: Buffer) => string>> = {
  base64: (bytes) => bytes.toString('base64'),
  base64url: (bytes) => bytes.toString('base64url'),
  'base64, wrapped': (bytes) => wrapped(bytes.toString('base64'), 76),
  'base64 twice': (bytes) => Buffer.from(bytes.toString('base64')).toString('base64'),
  hexadecimal: (bytes) => bytes.toString('hex'),
  'hexadecimal in capitals': (bytes) => bytes.toString('hex').toUpperCase(),
  'hexadecimal in pairs': (bytes) => bytes.toString('hex').replace(/..(?=.)/g, '$& '),
  'base64 of hexadecimal': (bytes) => Buffer.from(bytes.toString('hex')).toString('base64'),
}

const spellings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'percent encoding': (text) => codes(text, (code) => `%${two(code)}`),
  'decimal references': (text) => codes(text, (code) => `&#${code};`),
  'hexadecimal references': (text) => codes(text, (code) => `&#x${two(code)};`),
  'backslash u': (text) => codes(text, (code) => `\\u00${two(code)}`),
  'backslash x': (text) => codes(text, (code) => `\\x${two(code)}`),
  octal: (text) => codes(text, (code) => `\\${code.toString(8).padStart(3, '0')}`),
  'full-width': (text) => codes(text, (code) => (code > 32 ? String.fromCharCode(code + 0xfee0) : '\u3000')),
  'zero-width characters': (text) => text.split('').join('\u200b'),
  'bold in the middle': (text) => `${text.slice(0, 5)}**${text.slice(5, 9)}**${text.slice(9)}`,
  'an empty comment': (text) => `${text.slice(0, 7)}<!-- x -->${text.slice(7)}`,
  'tags in the middle': (text) => `${text.slice(0, 5)}<b>${text.slice(5, 8)}</b>${text.slice(8)}`,
  'struck out': (text) => `${text.slice(0, 6)}~~${text.slice(6, 8)}~~${text.slice(8)}`,
  'blanks as references': (text) => text.replaceAll(' ', '&nbsp;').replaceAll('@', '&commat;').replaceAll('-', '&#45;'),
  'blanks that do not break': (text) => text.replaceAll(' ', '\u00a0'),
  'escaped signs': (text) => text.replace(/[@.+-]/g, '\\$&'),
  'a link': (text) => `[${text}](/help)`,
  'part of a link': (text) => `[${text.slice(0, 6)}](/a)${text.slice(6)}`,
}

/** Values that a reader sees as one although a mark stands inside: a key is copied, not read. */
const isReadable = (value: string) => !value.startsWith('ghp_') && !value.startsWith('GB')

const fillers: readonly string[] = [
  'Revenue grew by 12 % in the second quarter, above all in France. ',
  'The table below has the details:\n\n',
  '| country | orders |\n|---|---:|\n| DE | 3012 |\n| FR | 2877 |\n\n',
  '```python\nprint(df.describe())\nx = [1, 2, 3]\n```\n',
  '\u00dcn\u00efcode \ud83d\ude00 words and \u4e2d\u6587\u5b57\u7b26. ',
  '- a list\n- of **bold** items\n\n',
  'a ',
  '\n',
  '> quoted words go on\n> in the next line\n\n',
  '[[1 0 0]\n [0 1 0]\n [0 0 1]]\n',
  'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 ',
]

function planted(random: Random): { readonly disguise: string; readonly form: string } {
  const value = oneOf(random, values)
  if (random() < 0.5 && isReadable(value)) {
    const [disguise, spell] = oneOf(random, Object.entries(spellings))
    return { disguise, form: spell(value) }
  }
  const [width, toBytes] = oneOf(random, Object.entries(characters))
  const [disguise, encode] = oneOf(random, Object.entries(encodings))
  const before = 'x'.repeat(upTo(random, 5)) + (random() < 0.5 ? ' the value is ' : ' ')
  return { disguise: `${disguise} of ${width}`, form: encode(toBytes(`${before}${value} and more`)) }
}

/** A run of one encoding far longer than anything that is read at once, with an address every few bytes. */
function longRun(random: Random): { readonly disguise: string; readonly form: string }[] {
  const prefix = oneOf(random, ['', 'k', 'ke', 'key', 'data:text/plain;base64,', 'Data: '])
  const count = 20 + upTo(random, 160)
  const forms: { disguise: string; form: string }[] = []
  const lines = Array.from({ length: count }, (_, at) => `${at};user${at}@example.com;${upTo(random, 9_999)}`)
  const encode = oneOf(random, ['base64', 'base64url', 'hex'] as const)
  const text = prefix + Buffer.from(lines.join('\n')).toString(encode)
  forms.push({ disguise: `a long run of ${encode}`, form: text })
  return forms
}

/** Where the planted values begin and end is random, as is the size of the chunks. */
export function disguisedText(random: Random): DisguisedText {
  const pieces: string[] = []
  const forms: { disguise: string; form: string }[] = []
  const count = 1 + upTo(random, 14)
  for (let index = 0; index < count; index += 1) {
    if (random() < 0.3) {
      const plant = planted(random)
      forms.push(plant)
      pieces.push(plant.form, oneOf(random, [' ', '\n', '. ', ', ']))
    } else pieces.push(oneOf(random, fillers))
  }
  if (random() < 0.02) {
    forms.push(...longRun(random))
    pieces.push('\n', forms.at(-1)?.form ?? '', '\n')
  }
  const text = pieces.join('')
  const size = oneOf(random, [1, 2, 3, 5, 8, 40, 200, 5_000])
  const chunks: string[] = []
  for (let at = 0; at < text.length;) {
    const end = at + 1 + upTo(random, size)
    chunks.push(text.slice(at, end))
    at = end
  }
  return { text, chunks, planted: forms }
}
