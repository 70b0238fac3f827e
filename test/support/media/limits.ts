import type { MediaLimits } from '../../../src/core/media.ts'
import { pictureTypes } from '../../../src/core/media.ts'

export const roomy: MediaLimits = {
  types: pictureTypes,
  maximumBytes: 8_000_000,
  maximumWidth: 4096,
  maximumHeight: 4096,
  maximumPixels: 16_000_000,
  maximumDecompressionRatio: 1000,
  maximumFrames: 1,
  metadata: 'strip',
  mode: 're-encode',
}

export const asIs: MediaLimits = { ...roomy, metadata: 'keep', mode: 'as-is' }
