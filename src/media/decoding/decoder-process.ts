import sharp, { type Sharp } from 'sharp'
import { serve } from '../../processes/serve.ts'
import type { PictureType } from '../../core/media.ts'
import type { DecodeReply, DecodeRequest } from './messages.ts'

/** The program of a decoder. It is given pictures one after the other and has nothing but them. */

const jpegQuality = 92
const webpQuality = 92

/** The readers of the four types; every other one of the library is shut off, those of vectors and programs first. */
const readers = ['JpegBuffer', 'PngBuffer', 'WebpBuffer', 'NsgifBuffer'].map((name) => `VipsForeignLoad${name}`)

const writers: Readonly<Record<PictureType, (image: Sharp, isLossless: boolean) => Sharp>> = {
  'image/png': (image) => image.png(),
  'image/jpeg': (image) => image.jpeg({ quality: jpegQuality }),
  'image/gif': (image) => image.gif(),
  'image/webp': (image, isLossless) => image.webp(isLossless ? { lossless: true } : { quality: webpQuality }),
}

sharp.cache(false)
sharp.concurrency(1)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: readers })

serve({
  open: async () => null,
  decode: async (input) => decode(input as DecodeRequest),
})

async function decode(request: DecodeRequest): Promise<DecodeReply> {
  const { bytes, mode, maximumPixels, isAnimated } = request
  const image = sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: maximumPixels,
    sequentialRead: true,
    animated: isAnimated,
  })
  try {
    return mode === 'as-is' ? await decodeOnly(image) : await drawAnew(image, request)
  } catch (error) {
    // What the library says may repeat what stands in the picture: it is read and not handed on.
    return { kind: outOfMemory.test(String(error)) ? 'too-large' : 'not-decodable' }
  }
}

/** How libvips, glib and libjpeg say that they got no memory, for pixels or for a thread of their own. */
const outOfMemory = /out of memory|insufficient memory|unable to allocate|error creating thread/i

async function decodeOnly(image: Sharp): Promise<DecodeReply> {
  const { info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { kind: 'decoded', width: info.width, height: info.height, bytes: null }
}

async function drawAnew(image: Sharp, request: DecodeRequest): Promise<DecodeReply> {
  const { type, isLossless, isMetadataKept, isAnimated } = request
  // A turned animation is none that any camera writes, and the library turns still pictures alone.
  const upright = isAnimated ? image : image.autoOrient()
  const drawn = writers[type](upright.toColourspace('srgb'), isLossless)
  const told = isMetadataKept ? drawn.keepExif().keepXmp() : drawn
  const { data, info } = await told.toBuffer({ resolveWithObject: true })
  return { kind: 'decoded', width: info.width, height: info.pageHeight ?? info.height, bytes: data }
}
