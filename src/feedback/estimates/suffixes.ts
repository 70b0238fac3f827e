import { binCount } from './score-bins.ts'

/** Of each bin what is in it and in all above it; one more bin than there are, with 0. */
export function suffixesOf(bins: Float64Array | Int32Array): Float64Array {
  const suffixes = new Float64Array(binCount + 1)
  for (let bin = binCount - 1; bin >= 0; bin -= 1) suffixes[bin] = (suffixes[bin + 1] ?? 0) + (bins[bin] ?? 0)
  return suffixes
}
