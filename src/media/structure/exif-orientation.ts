const orientationTag = 0x0112
const unsignedShort = 3
/** What some programs write, and readers take: those that turn a picture by it would not agree with one that does not. */
const unsignedLong = 4
const entryBytes = 12

/**
 * How a camera was held, 1 to 8, out of EXIF data that begins with its TIFF header; 1 where nothing readable is said.
 * Reads the first directory alone. EXIF 3.0, 4.6.4.
 */
export function exifOrientation(exif: Buffer): number {
  if (exif.length < 8) return 1
  const order = exif.toString('latin1', 0, 4)
  if (order !== 'II*\0' && order !== 'MM\0*') return 1
  const isLittle = order.startsWith('I')
  const short = (at: number): number => (isLittle ? exif.readUInt16LE(at) : exif.readUInt16BE(at))
  const long = (at: number): number => (isLittle ? exif.readUInt32LE(at) : exif.readUInt32BE(at))
  const directory = long(4)
  if (directory + 2 > exif.length) return 1
  const whole = Math.floor((exif.length - directory - 2) / entryBytes)
  const entries = Math.min(short(directory), whole)
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * entryBytes
    const kind = short(entry + 2)
    if (short(entry) !== orientationTag || (kind !== unsignedShort && kind !== unsignedLong)) continue
    const value = kind === unsignedShort ? short(entry + 8) : long(entry + 8)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
