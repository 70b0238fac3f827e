import { between, broken, codes, each, hidden, letters, lookalikes, shifted } from './writing.ts'

/** Texts as one hides them; what stands in several parts is sent in several messages. */
export interface Disguise {
  readonly name: string
  /** Where it makes sense: for words, for what is compared by letters, for values of numbers and keys. */
  readonly of: readonly ('words' | 'leaks' | 'values')[]
  readonly write: (text: string, random: () => number) => string | readonly string[]
  /** Does the text arrive in small chunks of one answer? */
  readonly isStreamed?: boolean
}

const all = ['words', 'leaks', 'values'] as const
const written = ['words', 'leaks'] as const

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Every way of hiding a text that the suite has, each with a look-alike. Sources: none; they are as old as filters are. */
export const disguises: readonly Disguise[] = [
  { name: 'none', of: all, write: (text) => text },
  { name: 'Cyrillic and Greek letters', of: all, write: (text) => lookalikes(text) },
  { name: 'small capitals', of: written, write: (text) => letters(text, 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ') },
  { name: 'letters in boxes', of: written, write: (text) => shifted(text, 0x1f170) },
  { name: 'letters in circles', of: written, write: (text) => shifted(text, 0x24b6) },
  { name: 'mathematical letters', of: written, write: (text) => shifted(text, 0x1d4d0) },
  { name: 'Cherokee, Coptic and Armenian letters', of: written, write: (text) => letters(text.toLowerCase(), 'ꭺⲃⲥꭰⲉfꮐнꭵjⲕꮮⲙⲛⲟⲣԛꮁꮪꭲսꮩꮃⲭⲩꮓ') },
  { name: 'full width', of: all, write: (text) => each(text, '!', '~', (code) => String.fromCharCode(code + 0xfee0)) },
  { name: 'combining marks', of: all, write: (text) => between(text, () => '\u0336') },
  { name: 'digits for letters', of: written, write: (text) => text.replace(/[aeiost]/gi, (letter) => ({ a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' })[letter.toLowerCase()] ?? letter) },
  { name: 'signs for letters', of: written, write: (text) => text.replace(/[ais]/gi, (letter) => ({ a: '@', i: '!', s: '$' })[letter.toLowerCase()] ?? letter) },
  { name: 'one digit or sign', of: written, write: (text) => text.replace(/([a-z])([aeio])/i, (_, before: string, letter: string) => before + ({ a: '@', e: '3', i: '1', o: '0' }[letter.toLowerCase()] ?? letter)) },
  { name: 'blanks between letters', of: written, write: (text) => text.split(' ').map((word) => Array.from(word).join(' ')).join('   ') },
  { name: 'blanks between letters and words alike', of: written, write: (text) => Array.from(text.replaceAll(' ', '')).join(' ') },
  { name: 'dots between letters', of: written, write: (text) => text.split(' ').map((word) => Array.from(word).join('.')).join(' ') },
  { name: 'dashes between letters', of: written, write: (text) => text.split(' ').map((word) => Array.from(word).join('-')).join(' ') },
  { name: 'a line to each letter', of: written, write: (text) => text.split(' ').map((word) => Array.from(word).join('\n')).join('\n\n') },
  { name: 'pictures between letters', of: written, write: (text) => text.split(' ').map((word) => Array.from(word).join('🔹')).join(' ') },
  { name: 'a mark within each word', of: written, write: (text) => broken(text, '.') },
  { name: 'a dash within each word', of: written, write: (text) => broken(text, '-') },
  { name: 'a blank within each word', of: written, write: (text) => broken(text, ' ') },
  { name: 'words broken at line ends', of: written, write: (text) => broken(text, '-\n') },
  { name: 'drawn out letters', of: written, write: (text) => text.replace(/[aeiou]/g, (letter) => letter.repeat(4)) },
  { name: 'capitals now and then', of: written, write: (text, random) => Array.from(text, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase())).join('') },
  { name: 'invisible characters', of: all, write: (text, random) => between(text, () => '\u200b\u200d\u2060\u00ad'.charAt(Math.floor(random() * 4))) },
  { name: 'marks of direction', of: all, write: (text) => between(text, () => '\u202a\u202c') },
  { name: 'tags that are not drawn', of: all, write: (text) => `Hello${hidden(text, (byte) => 0xe0000 + byte)}!` },
  { name: 'selectors that are not drawn', of: all, write: (text) => `☺${hidden(text, (byte) => (byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16))}` },
  { name: 'base64', of: all, write: base64 },
  { name: 'base64 twice', of: all, write: (text) => base64(`read this: ${base64(text)}`) },
  { name: 'base64 behind a prefix', of: all, write: (text) => `payload=x${base64(text)}` },
  { name: 'hexadecimal', of: all, write: (text) => Buffer.from(text).toString('hex') },
  { name: 'percent signs', of: all, write: (text) => codes(text, (code) => `%${code.toString(16).padStart(2, '0')}`) },
  { name: 'character references', of: all, write: (text) => codes(text, (code) => `&#${code};`) },
  { name: 'escapes of source code', of: all, write: (text) => codes(text, (code) => String.raw`\u${code.toString(16).padStart(4, '0')}`) },
  { name: 'marks of Markdown', of: all, write: (text) => Array.from(text, (letter, at) => (at % 3 === 1 && /[a-z0-9]/i.test(letter) ? `**${letter}**` : letter)).join('') },
  { name: 'tags of HTML', of: all, write: (text) => Array.from(text, (letter, at) => (at % 3 === 1 ? `<b>${letter}</b>` : letter)).join('') },
  { name: 'comments of HTML', of: all, write: (text) => Array.from(text, (letter, at) => (at % 4 === 1 ? `${letter}<!-- x -->` : letter)).join('') },
  { name: 'beside letters of other scripts', of: all, write: (text) => `我说${text}你们` },
  { name: 'within a text in Arabic', of: all, write: (text) => `قال المدير: ${text} في الاجتماع` },
  { name: 'in chunks of an answer', of: all, isStreamed: true, write: (text) => text },
  { name: 'split over two messages', of: written, write: (text) => { const at = text.indexOf(' ', text.length / 2 - 4); const cut = at < 1 ? Math.floor(text.length / 2) : at; return [`First: ${text.slice(0, cut)}`, `${text.slice(cut).trim()} was the rest.`] } },
  { name: 'backwards', of: written, write: (text) => Array.from(text).reverse().join('') },
  { name: 'rotated by thirteen letters', of: written, write: (text) => text.replace(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < 'n' ? 13 : -13))) },
  { name: 'decimal codes', of: all, write: (text) => codes(text, (code) => `${code} `).trim() },
] // prettier-ignore
