import { classify, formOf, formType, jsonOf, jsonType } from '../request.ts'
import type { Random } from '../../../core/seeded-random.ts'
import { noise, type InvalidKind, type Material } from './kind.ts'

/** Sent in one of the two ways that the service has. */
function sent(bytes: Buffer, random: Random, type = 'image/png') {
  if (random() < 0.5) return classify([jsonType], jsonOf(bytes))
  return classify([formType], formOf([{ name: 'image', type, data: bytes }]))
}

const kind = (name: string, wrong: string, bytesOf: (material: Material) => Buffer, type?: string): InvalidKind => ({
  name,
  wrong,
  make: (material) => sent(bytesOf(material), material.random, type),
})

const png = ({ picture }: Material): Buffer => Buffer.from(picture('image/png').data)

/** With other numbers where the header of a PNG has its width and height. */
function sized(bytes: Buffer, width: number, height: number): Buffer {
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

/** Bytes that are no picture, or one that nobody should decode. */
export const kindsOfPictures: readonly InvalidKind[] = [
  kind('bomb', 'eighty-one million points of one colour in 21 kB', ({ unwanted }) => unwanted.bomb),
  kind('said-to-be-huge', 'a header that says four billion points', (m) => sized(png(m), 65_000, 65_000)),
  kind('no-width', 'a picture without a width', (m) => sized(png(m), 0, 96)),
  kind('too-wide', 'a picture of twenty thousand points a line', ({ unwanted }) => unwanted.wide_png),
  kind('half-a-picture', 'a picture that breaks off', ({ picture }) => {
    const { data } = picture()
    return data.subarray(0, data.length / 2)
  }),
  kind('signature-alone', 'the first eight bytes of a PNG', (m) => png(m).subarray(0, 8)),
  kind('scrambled', 'a picture with noise in its middle', (m) => {
    const bytes = png(m)
    noise(400, m.random).copy(bytes, bytes.length / 2)
    return bytes
  }),
  kind('moving-gif', 'an animated GIF', ({ unwanted }) => unwanted.moving_gif, 'image/gif'),
  kind('moving-png', 'an animated PNG', ({ unwanted }) => unwanted.moving_png),
  kind('moving-webp', 'an animated WebP', ({ unwanted }) => unwanted.moving_webp, 'image/webp'),
  kind('bmp', 'a BMP, which is not taken', ({ unwanted }) => unwanted.bmp, 'image/bmp'),
  kind('tiff', 'a TIFF, which is not taken', ({ unwanted }) => unwanted.tiff, 'image/tiff'),
  kind(
    'drawing-with-script',
    'an SVG with a script in it',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>/* nothing */</script></svg>'),
    'image/svg+xml',
  ),
  kind(
    'page-like-a-gif',
    'a page that begins as a GIF, for readers of either',
    () => Buffer.from('GIF89a/*<html><body><script>*/=0;/* nothing */</script></body></html>'),
    'image/gif',
  ),
  kind('paper-around-a-picture', 'a PDF that holds a picture', (m) =>
    Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</Length 9>>stream\n'), png(m), Buffer.from('\nendstream\n%%EOF')]),
  ),
  kind('text', 'a text in place of a picture', () => Buffer.from('this is a picture of a star')),
  kind('noise', 'bytes without a meaning', ({ random }) => noise(20_000, random)),
]

/** Forms that are none, or that hold something else than one picture. */
export const kindsOfForms: readonly InvalidKind[] = [
  {
    name: 'form-without-end',
    wrong: 'a form that is never ended',
    make: (m) => classify([formType], formOf([{ name: 'image', type: 'image/png', data: png(m) }], false)),
  },
  {
    name: 'form-without-boundary',
    wrong: 'a form that does not say what parts it',
    make: (m) =>
      classify(['Content-Type: multipart/form-data'], formOf([{ name: 'image', type: 'image/png', data: png(m) }])),
  },
  {
    name: 'form-other-name',
    wrong: 'a picture under another name',
    make: (m) => classify([formType], formOf([{ name: 'file', type: 'image/png', data: png(m) }])),
  },
  {
    name: 'form-two-pictures',
    wrong: 'two pictures where one is taken',
    make: (m) =>
      classify([formType], formOf(['image', 'image'].map((name) => ({ name, type: 'image/png', data: png(m) })))),
  },
  {
    name: 'form-of-thousands',
    wrong: 'a form of two thousand fields',
    make: () =>
      classify([formType], formOf(Array.from({ length: 2_000 }, (_, index) => ({ name: `f${index}`, data: '' })))),
  },
  {
    name: 'form-empty-file',
    wrong: 'a file without a byte',
    make: () => classify([formType], formOf([{ name: 'image', type: 'image/png', data: '' }])),
  },
  {
    name: 'form-wrong-count',
    wrong: 'a word where a number belongs',
    make: (m) =>
      classify(
        [formType],
        formOf([
          { name: 'image', type: 'image/png', data: png(m) },
          { name: 'top', data: 'all' },
        ]),
      ),
  },
]
