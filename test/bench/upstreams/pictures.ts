import sharp, { type Sharp } from 'sharp'
import { checkStructure } from '../../../src/media/refusals.ts'
import { WalledMediaChecker } from '../../../src/media/media-checker.ts'
import { roomy } from '../../support/media/limits.ts'
import { figure, type Figures } from '../figures.ts'

const never = new AbortController().signal
const rounds = 40
const warmUp = 5

/** A picture as large as cameras write them: soft shapes under some grain, so that it packs as a photograph does. */
async function photograph(width: number, height: number): Promise<Sharp> {
  const grain = { type: 'gaussian', mean: 128, sigma: 30 } as const
  const small = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#555', noise: grain } })
    .png()
    .toBuffer()
  const fine = await sharp({
    create: { width, height, channels: 3, background: '#777', noise: { ...grain, sigma: 10 } },
  })
    .png()
    .toBuffer()
  const soft = await sharp(small).resize(width, height, { kernel: 'cubic' }).png().toBuffer()
  return sharp(soft).composite([{ input: fine, blend: 'soft-light' }])
}

/** The library alone, doing what the decoder does. */
function alone(bytes: Buffer, write: (image: Sharp) => Sharp): Promise<Buffer> {
  const image = sharp(bytes, { failOn: 'warning', limitInputPixels: roomy.maximumPixels, sequentialRead: true })
  return write(image.autoOrient().toColourspace('srgb')).toBuffer()
}

/**
 * Structure checks of a JPEG of 2 MB; pictures checked, decoded and drawn anew by a process behind its wall, beside the
 * library alone in this process, in turns.
 */
export async function measurePictures(): Promise<Figures> {
  sharp.cache(false)
  sharp.concurrency(1)
  const large = await photograph(3200, 2100)
  const middle = await photograph(1000, 700)
  const cases = [
    { name: 'jpeg_2mb', bytes: await large.clone().jpeg({ quality: 95 }).toBuffer(), write: jpeg },
    { name: 'jpeg_small', bytes: await middle.clone().jpeg().toBuffer(), write: jpeg },
    { name: 'png', bytes: await middle.clone().png().toBuffer(), write: (image: Sharp) => image.png() },
    {
      name: 'webp',
      bytes: await middle.clone().webp().toBuffer(),
      write: (image: Sharp) => image.webp({ quality: 92 }),
    },
  ]
  await using checker = new WalledMediaChecker({
    processes: 1,
    waiting: 1,
    picturesPerProcess: 10_000,
    deadlineMilliseconds: 60_000,
    memoryMegabytes: 512,
  })
  await checker.warm(never)
  const figures: Figures = {}
  for (const { name, bytes, write } of cases) {
    process.stderr.write(`${name}: ${bytes.length} bytes\n`)
    const samples = { structure: [] as number[], checked: [] as number[], alone: [] as number[] }
    for (let round = 0; round < rounds + warmUp; round += 1) {
      const started = performance.now()
      checkStructure(bytes, null, roomy)
      const structured = performance.now()
      const verdict = await checker.check(bytes, { sender: 'ann', declaredType: null, limits: roomy }, never)
      const checked = performance.now()
      if (verdict.kind === 'refused') throw new Error(verdict.refusal.message)
      await alone(bytes, write)
      const ended = performance.now()
      if (round < warmUp) continue
      samples.structure.push(structured - started)
      samples.checked.push(checked - structured)
      samples.alone.push(ended - checked)
    }
    figures[`upstreams.structure_${name}`] = figure(samples.structure)
    figures[`upstreams.drawn_anew_${name}`] = figure(samples.checked, {
      reference: { name: 'the library alone', samples: samples.alone },
    })
  }
  return figures
}

function jpeg(image: Sharp): Sharp {
  return image.jpeg({ quality: 92 })
}
