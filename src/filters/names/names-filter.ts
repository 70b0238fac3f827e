import type { Filter } from '../filter.ts'
import { createTextFilter } from '../text-filter.ts'
import { fieldWords } from './cues.ts'
import { NameReader } from './decode.ts'
import { findNames, type NamesLibrary } from './find-names.ts'
import { readModel } from './model.ts'
import { hashOf } from './tokens.ts'

/** A longer text is none of a form's fields. */
const longestField = 300

/** `customerName` → `Customer name: `, as the field would stand in a letter; nothing for a field of another kind. */
function headOf(label = ''): string {
  const words = label
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
  const isField = words.length > 0 && words.length <= 4 && words.some((word) => fieldWords.has(hashOf(word)))
  return isField ? `${(words[0] ?? '').charAt(0).toUpperCase()}${words.join(' ').slice(1)}: ` : ''
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
    minimumLength: 2,
    mayHold: (_traits, _text, { structuredOnly }) => structuredOnly !== true,
    // Code marks and fences are what tells code from prose.
    readings: 'written',
    scan: (text, { part, isWanted }) => {
      if (part.isCompared === true) return []
      const before = text.length > longestField ? '' : headOf(part.label)
      const { length } = before
      const isInField = (start: number, end: number) => isWanted(Math.max(0, start - length), end - length)
      return findNames(before + text, libraryOf(), isInField).flatMap(({ start, end, category, score }) =>
        start < length ? [] : [{ start: start - length, end: end - length, category, score }],
      )
    },
  })
}
