import type { Filter } from '../filter.ts'
import { createTextFilter, type Match } from '../text-filter.ts'
import { NameReader } from './decode.ts'
import { headOf, isNameValue, isPlaceholder, meaningOf } from './field-names.ts'
import { findNames, type NamesLibrary } from './find-names.ts'
import { readModel } from './model.ts'
import { namedValues, together } from './named-values.ts'

/** A longer text is none of a form's fields. */
const longestField = 300

/** All that a text is, where it stands in a field for a person's name. */
function wholeValue(text: string): Match[] {
  const value = text.trim()
  if (!isNameValue(value, { anyCase: true })) return []
  const start = text.indexOf(value)
  return [{ start, end: start + value.length, category: 'pii/person', score: 0.9 }]
}

const modelFile = new URL('./names.model', import.meta.url)

/**
 * Names of persons and organizations, postal addresses and places, in texts that are written for people. Code, logs, traces
 * and tables are left alone.
 */
export function createNamesFilter(): Filter {
  let library: NamesLibrary | null = null
  // The model is read with the first text.
  const libraryOf = (): NamesLibrary => {
    if (library === null) {
      const model = readModel(modelFile)
      library = { model, reader: new NameReader(model) }
    }
    return library
  }
  return createTextFilter({
    name: 'names@1',
    onFailure: 'closed',
    minimumLength: 1,
    mayHold: (_traits, _text, { structuredOnly }) => structuredOnly !== true,
    // Code marks and fences are what tells code from prose.
    readings: 'written',
    scan: (text, { part, isWanted }) => {
      if (part.isCompared === true) return []
      const { label = '' } = part
      const meaning = text.length > longestField ? null : meaningOf(label)
      if (meaning !== null && isPlaceholder(text)) return []
      const before = headOf(label, meaning)
      const { length } = before
      const isInField = (start: number, end: number) => isWanted(start - length, end - length)
      const read = findNames(before + text, libraryOf(), isInField).flatMap(({ start, end, category, score }) =>
        start < length ? [] : [{ start: start - length, end: end - length, category, score }],
      )
      const named = meaning === 'person' ? wholeValue(text) : namedValues(text)
      return together(
        read,
        named.filter(({ start, end }) => isWanted(start, end)),
      )
    },
  })
}
