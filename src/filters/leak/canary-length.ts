import { drawnFor } from './drawn-for.ts'

/** Letters and digits that a canary has at least, each counted once where it stands twice in a row. */
export const shortestCanary = 8

/**
 * How many letters and digits of ASCII a canary has, as texts are compared: those drawn alike are one, and one that stands twice
 * in a row is counted once. Never more than the detector compares, which reads other alphabets, too.
 */
export function canaryLength(canary: string): number {
  let length = 0
  let last = 0
  for (const character of canary.match(/[a-z0-9]/gi) ?? []) {
    const code = drawnFor[character.charCodeAt(0)] ?? 0
    if (code !== last) length += 1
    last = code
  }
  return length
}
