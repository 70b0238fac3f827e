import type { Filter, FilterContext, FilterPart } from '../../../../src/filters/filter.ts'
import { createCustomFilter } from '../../../../src/filters/custom/custom-filter.ts'
import { customOptions } from '../../../../src/filters/custom/options.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { contentFilters } from '../../../../src/filters/pipeline/content.ts'
import { WindowReader } from '../../../../src/filters/windows/windows.ts'
import { never } from '../filter-fixtures.ts'
import { settings, systemPrompt } from './targets.ts'

/** All detectors of this process, with an operator's values, canaries and names. */
export function allDetectors(): readonly Filter[] {
  const { canaries, names, values } = settings
  const options = filtersOptions.parse({ content: { leak: { canaries, names } } })
  const deny = [{ category: 'custom/code-name', values }]
  return [...contentFilters(options), createCustomFilter(customOptions.parse({ deny }))]
}

const context: FilterContext = {
  direction: 'outbound',
  group: 'default',
  executedSql: [],
  systemPrompts: [systemPrompt],
}

/** The windows of a text that arrives in chunks, as an answer is decided on. */
function windowsOfChunks(text: string): FilterPart[] {
  const reader = new WindowReader()
  const windows = []
  for (let at = 0; at < text.length; at += 7)
    for (const window of reader.push(text.slice(at, at + 7))) windows.push(window)
  for (const window of reader.end()) windows.push(window)
  return windows.map(({ text: read, from, to }) => ({
    text: read,
    provenance: 'model',
    focus: { start: from, end: to },
  }))
}

/** Categories that are found in some texts, at the threshold that holds without another. */
export async function categoriesIn(
  detectors: readonly Filter[],
  { texts, isStreamed }: { readonly texts: readonly string[]; readonly isStreamed: boolean },
): Promise<ReadonlySet<string>> {
  const parts = isStreamed
    ? texts.flatMap(windowsOfChunks)
    : texts.map((text): FilterPart => ({ text, provenance: 'model' }))
  const findings = await Promise.all(detectors.map((detector) => detector.inspect(parts, context, never)))
  return new Set(findings.flat().flatMap(({ category, score }) => (score >= 0.5 ? [category] : [])))
}

/** Is a category, or a part of it, among those that were found? */
export function has(found: ReadonlySet<string>, category: string): boolean {
  return [...found].some((one) => one === category || one.startsWith(`${category}/`))
}
