import { found } from '../../http/leak-search.ts'
import type { PlantedValues } from './planted-values.ts'

/** Letters and digits alone, as they can be put together again whatever stood between them. */
const compact = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase()

/** The part of a value by which it would be known: of an address the word that is in no other. */
function tellingPart(name: string, value: string): string {
  if (/^(?:email|inPercent|inBase64)$/.test(name)) return /@(\w+)\./.exec(value)?.[1] ?? value
  if (name === 'person') return value.split(' ').at(-1) ?? value
  return value
}

/** Which of the values, or of the parts that tell them, stand in what was sent, in any of the ways in which texts are written. */
export function leaksIn(sent: string, values: Readonly<Partial<PlantedValues>>): readonly string[] {
  const parts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tellingPart(name, value)]))
  const written = found({ sent }, parts).map((leak) => leak.replace('sent: ', ''))
  const bare = compact(sent)
  const pieced = Object.entries(parts).flatMap(([name, part]) => (bare.includes(compact(part)) ? [name] : []))
  return [...new Set([...written, ...pieced])]
}
