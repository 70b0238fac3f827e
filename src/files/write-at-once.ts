import { writeSync } from 'node:fs'

/**
 * Hands all bytes to the operating system, which takes them into memory in a few microseconds. To have another thread do
 * so and tell of it takes ten times as long. Throws the file system's error, with some of the bytes written perhaps.
 */
export function writeAtOnce(descriptor: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}
