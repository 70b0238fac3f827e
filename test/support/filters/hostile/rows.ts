import { readFileSync } from 'node:fs'
import { disguises } from './disguises.ts'
import { targets } from './targets.ts'

/** A text that something is hidden in, and one that looks like it where nothing is. */
export interface HostileRow {
  readonly id: string
  readonly disguise: string
  readonly category: string
  readonly of: 'words' | 'leaks' | 'values'
  readonly parts: readonly string[]
  readonly benign: readonly string[]
  readonly isStreamed: boolean
  /** Is it known to be found, and is the look-alike known to be left alone? What is not is published. */
  readonly isFound: boolean
  readonly isBenignLeft: boolean
}

/** Numbers below 1 by a seed, the same for ever. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const inSentence = (text: string) => `Listen: ${text}\n`

function partsOf(written: string | readonly string[]): readonly string[] {
  return typeof written === 'string' ? [inSentence(written)] : written
}

/** Every target in every disguise that makes sense for it. */
export function makeRows(): Omit<HostileRow, 'isFound' | 'isBenignLeft'>[] {
  const random = seeded(18)
  return disguises.flatMap(({ name, of, write, isStreamed = false }, disguise) =>
    targets.flatMap((target, index) => {
      const { category, text, benign } = target
      if (!of.includes(target.of)) return []
      const id = `${String(disguise).padStart(2, '0')}-${String(index).padStart(2, '0')}`
      const [parts, others] = [partsOf(write(text, random)), partsOf(write(benign, random))]
      return [{ id, disguise: name, category, of: target.of, parts, benign: others, isStreamed }]
    }),
  )
}

export const hostileFile = new URL('../../../corpora/hostile/rows.jsonl', import.meta.url)

export function readRows(): HostileRow[] {
  const lines = readFileSync(hostileFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as HostileRow)
}
