import { classify, jsonOf, jsonType } from '../request.ts'
import { noise, type InvalidKind, type Material } from './kind.ts'

const json = (text: string) => classify([jsonType], Buffer.from(text))
const base64 = ({ picture }: Material): string => picture().data.toString('base64')

/** Larger than any picture that is taken. */
const hugeBytes = 4_500_000

/** JSON that is none, or that says something else than a picture. */
export const kindsOfJson: readonly InvalidKind[] = [
  { name: 'no-json', wrong: 'no JSON', make: () => json('image=picture') },
  { name: 'cut-json', wrong: 'JSON that breaks off', make: (m) => json(`{"image":"${base64(m)}`) },
  { name: 'a-list', wrong: 'a list in place of an object', make: (m) => json(`["${base64(m)}"]`) },
  { name: 'no-image', wrong: 'no picture', make: () => json('{"top":3}') },
  { name: 'image-null', wrong: 'null in place of a picture', make: () => json('{"image":null}') },
  { name: 'image-number', wrong: 'a number in place of a picture', make: () => json('{"image":5}') },
  { name: 'image-list', wrong: 'a list in place of a picture', make: () => json('{"image":[137,80,78,71]}') },
  {
    name: 'image-twice',
    wrong: 'two members of one name',
    make: (m) => json(`{"image":"${base64(m)}","image":"${base64(m)}"}`),
  },
  {
    name: 'unknown-member',
    wrong: 'a member that there is not',
    make: ({ picture }) => classify([jsonType], jsonOf(picture().data, { url: 'http://192.0.2.1/picture' })),
  },
  {
    name: 'top-text',
    wrong: 'a text in place of a number',
    make: ({ picture }) => classify([jsonType], jsonOf(picture().data, { top: 'all' })),
  },
  {
    name: 'top-negative',
    wrong: 'a number below the least',
    make: ({ picture }) => classify([jsonType], jsonOf(picture().data, { top: -1 })),
  },
  {
    name: 'top-vast',
    wrong: 'a number above the greatest',
    make: (m) => json(`{"image":"${base64(m)}","top":1e300}`),
  },
  {
    name: 'top-no-number',
    wrong: 'NaN, which is not JSON',
    make: (m) => json(`{"image":"${base64(m)}","top":NaN}`),
  },
  {
    name: 'deep-json',
    wrong: 'lists within lists, twenty thousand deep',
    make: () => json('['.repeat(20_000) + ']'.repeat(20_000)),
  },
  {
    name: 'many-members',
    wrong: 'sixty thousand members',
    make: () => json(`{${Array.from({ length: 60_000 }, (_, index) => `"m${index}":0`).join(',')}}`),
  },
  {
    name: 'no-utf-8',
    wrong: 'bytes that are no UTF-8',
    make: () => classify([jsonType], Buffer.concat([Buffer.from('{"image":"'), Buffer.from([0xc3, 0x28, 0x22, 0x7d])])),
  },
  {
    name: 'utf-16',
    wrong: 'JSON in UTF-16',
    make: (m) => classify([jsonType], Buffer.from(`\ufeff{"image":"${base64(m)}"}`, 'utf16le')),
  },
  {
    name: 'huge-body',
    wrong: 'six million characters of base64',
    make: ({ random }) => {
      // Of one piece of noise that repeats: it is large, and quickly made.
      const piece = noise(45_000, random)
      return classify([jsonType], jsonOf(Buffer.concat(Array.from({ length: hugeBytes / 45_000 }, () => piece))))
    },
  },
  {
    name: 'base64-in-lines',
    wrong: 'base64 with white space',
    make: (m) => json(JSON.stringify({ image: base64(m).replaceAll(/.{76}/g, '$&\r\n') })),
  },
  {
    name: 'base64-cut',
    wrong: 'base64 that breaks off',
    make: (m) => json(JSON.stringify({ image: base64(m).slice(0, 401) })),
  },
  {
    name: 'no-base64',
    wrong: 'characters that base64 does not have',
    make: (m) => json(JSON.stringify({ image: `!${base64(m)}` })),
  },
  {
    name: 'data-address',
    wrong: 'a data: address in place of base64',
    make: ({ picture }) => {
      const { type, data } = picture()
      return json(JSON.stringify({ image: `data:${type};base64,${data.toString('base64')}` }))
    },
  },
  { name: 'image-empty', wrong: 'an empty picture', make: () => json('{"image":""}') },
]
