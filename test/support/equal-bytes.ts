/**
 * Runs before each file of tests: bytes are compared as bytes. What `toEqual` does with them otherwise, one index after another,
 * takes seconds of the processor's time for a megabyte.
 */
import { expect } from 'vitest'

expect.addEqualityTesters([
  (one: unknown, other: unknown): boolean | undefined => {
    if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return undefined
    // An array of bytes is no Buffer: whether the two are alike is for the matcher to say.
    if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return undefined
    return Buffer.compare(one, other) === 0
  },
])
