import type { CatalogRelation } from '../../core/catalog.ts'
import { cutText } from '../../text/cut-text.ts'
import { readOwnWords } from '../own-words.ts'

/** What a model is asked that makes a plan of trusted words and the schema alone. */
interface PlanQuestion {
  readonly instructions: string
  /** The person's own words by message, the question last. */
  readonly words: readonly string[]
}

/** A plan of more tables than this says nothing about a question. */
const mostTables = 6
/** Of what a person wrote, the newest. */
const mostWords = 8_000
/** Of a larger schema no plan is made. */
const mostSchema = 60_000

/**
 * Asks which tables a question needs. In it stand the person's own words, without what they quote at length or paste, and what the operator calls tables and columns: nothing
 * that was read, no answer, and not the call for which a plan is wanted. Null where there is nothing to plan.
 */
export function planQuestion(messages: readonly string[], relations: readonly CatalogRelation[]): PlanQuestion | null {
  const schema = relations.map(describedIn).join('\n')
  const words = newest(messages.map((text) => readOwnWords(text).text.trim()).filter((text) => text !== ''))
  if (words.length === 0 || relations.length === 0 || schema.length > mostSchema) return null
  return { instructions: `${instructions}\n\n${schema}`, words }
}

const instructions = [
  'You say which tables of a database the last question of a person needs. You have no tools, and nothing but a list of tables is read of what you write.',
  `Name a table where the question cannot be answered without it: what it is about, and what has to be joined to that. At most ${mostTables}. Leave out what would only be interesting.`,
  'Where the words do not say what is wanted of the database ("go on", "do what the notes say"), or it needs no table, the list is empty.',
  'Answer with JSON alone, without a word before or after it: a list of names as they stand below, such as ["public.orders"].',
  'The tables:',
].join('\n')

/**
 * The tables of a plan, as a model has answered. None where it names something else than tables of the schema or too many, or all of several: who names
 * everything has planned nothing.
 */
export function plannedTables(answer: string, relations: readonly CatalogRelation[]): ReadonlySet<string> {
  const known = new Set(relations.map(nameOf))
  const named = new Set(namesIn(answer))
  const isPlan = named.size <= mostTables && (named.size < known.size || known.size <= 2)
  return new Set(isPlan && [...named].every((name) => known.has(name)) ? named : [])
}

function namesIn(answer: string): readonly string[] {
  const json = /^\s*(?:```(?:json)?\s*\n)?([\s\S]*?)(?:\n\s*```)?\s*$/.exec(answer)?.[1] ?? ''
  try {
    const value: unknown = JSON.parse(json)
    return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : []
  } catch {
    return []
  }
}

const nameOf = ({ schema, name }: CatalogRelation): string => `${schema}.${name}`

function describedIn(relation: CatalogRelation): string {
  const { columns, comment } = relation
  const said = comment === null ? '' : `: ${comment.replaceAll(/\s+/g, ' ').slice(0, 200)}`
  return `${nameOf(relation)} (${columns.map(({ name }) => name).join(', ')})${said}`
}

function newest(texts: readonly string[]): readonly string[] {
  let left = mostWords
  return texts
    .toReversed()
    .flatMap((text) => {
      const kept = cutText(text, left)
      left -= kept.length
      return kept === '' ? [] : [kept]
    })
    .toReversed()
}
