import type { DrawnPictures } from '../../../src/cli/incident/example.ts'
import { drawn } from '../media/drawn-pictures.ts'

/** Pictures for an incident as the example draws them, but small and without a Python. */
export const incidentPictures: DrawnPictures = {
  honest: [
    { shape: 'star', type: 'image/png', data: drawn.png },
    { shape: 'ring', type: 'image/jpeg', data: drawn.jpeg },
    { shape: 'cross', type: 'image/webp', data: drawn.webp },
  ],
  unwanted: {
    bomb: drawn.pngGrey,
    moving_gif: drawn.gifAnimated,
    moving_png: drawn.png,
    moving_webp: drawn.webpAnimated,
    bmp: Buffer.from('BM'),
    tiff: Buffer.from('II*\0'),
    wide_png: drawn.png,
  },
}
