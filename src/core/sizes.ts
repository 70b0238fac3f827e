/**
 * Bytes of a size in the unit that a setting's name ends in: `_kb` is KiB, `_mb` is MiB. A fraction of a byte is
 * dropped.
 */
export const bytesOf = {
  kb: (kibibytes: number): number => Math.floor(kibibytes * 1024),
  mb: (mebibytes: number): number => Math.floor(mebibytes * 1_048_576),
} as const
