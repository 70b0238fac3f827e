import sharp from 'sharp'

/** Pictures that are drawn here, each another way in which honest programs write one. */

const width = 24
const height = 16

/** A slope of colours, so that a turned or mirrored picture differs from it. */
function slope(channels: 3 | 4): Buffer {
  return Buffer.from(
    Array.from({ length: width * height * channels }, (_, index) => {
      const pixel = Math.floor(index / channels)
      const [x, y] = [pixel % width, Math.floor(pixel / width)]
      return [x * 10, y * 15, 40, 255][index % channels] ?? 0
    }),
  )
}

const rgb = () => sharp(slope(3), { raw: { width, height, channels: 3 } })
const rgba = () => sharp(slope(4), { raw: { width, height, channels: 4 } })
const twoFrames = () =>
  sharp(Buffer.concat([slope(3), slope(3).toReversed()]), {
    raw: { width, height: height * 2, channels: 3, pageHeight: height },
  })

export const drawn = {
  png: await rgb().png().toBuffer(),
  pngWithAlpha: await rgba().png().toBuffer(),
  pngPalette: await rgb().png({ palette: true }).toBuffer(),
  pngGrey: await rgb().toColourspace('b-w').png().toBuffer(),
  pngInterlaced: await rgb().png({ progressive: true }).toBuffer(),
  png16: await rgb().toColourspace('rgb16').png().toBuffer(),
  jpeg: await rgb().jpeg().toBuffer(),
  jpegGrey: await rgb().toColourspace('b-w').jpeg().toBuffer(),
  jpegProgressive: await rgb().jpeg({ progressive: true }).toBuffer(),
  jpegCmyk: await rgb().toColourspace('cmyk').jpeg().toBuffer(),
  gif: await rgb().gif().toBuffer(),
  gifAnimated: await twoFrames()
    .gif({ delay: [100, 100] })
    .toBuffer(),
  webp: await rgb().webp().toBuffer(),
  webpLossless: await rgb().webp({ lossless: true }).toBuffer(),
  webpWithAlpha: await rgba().webp().toBuffer(),
  webpAnimated: await twoFrames()
    .webp({ delay: [100, 100] })
    .toBuffer(),
} as const

/** A JPEG that says how its camera was held, 1 to 8. */
export async function turnedJpeg(orientation: number): Promise<Buffer> {
  return rgb().withMetadata({ orientation }).jpeg().toBuffer()
}

/** A picture of one colour: few bytes that unpack to many. */
export async function oneColour(size: { readonly width: number; readonly height: number }): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

/** A square of noise, which packs badly and takes long to decode. */
export async function noise(side: number, type: 'png' | 'jpeg' | 'webp'): Promise<Buffer> {
  const grain = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const image = sharp({ create: { width: side, height: side, channels: 3, background: '#777', noise: grain } })
  return type === 'png' ? image.png({ compressionLevel: 1 }).toBuffer() : image.toFormat(type).toBuffer()
}
