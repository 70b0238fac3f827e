import type { Filter, FilterFinding, FilterPart } from '../filter.ts'
import { findInHtml } from './displayed-html.ts'
import { marks, type Mark } from './marks.ts'

/**
 * Where a link or a picture may point without a word: into the answer itself or to a path of the same server. No scheme,
 * no second slash, no backslash (browsers read it as a slash), no reference that hides one.
 */
const ownTarget = /\s*(?:#[\w-]*|(?:\.{0,2}\/)?\w[\w\-./]*(?:\?[\w\-=.+]*)?(?:#[\w-]*)?)?\s*(?:"[^"\n]{0,200}"\s*)?\)/y
const ownDefinition = /\s*(?:#[\w-]*|(?:\.{0,2}\/)\w[\w\-./]*)\s*(?:\n|$)/y
const inline = /\]\(/g
/** The address may stand on the next line of a quotation, behind its marks. */
const definition = /\](?=:[\s>]*(?:<\s*)?(?:[a-z][a-z0-9+.-]{0,31}:|[/\\]\s*[/\\&]|[\\&]))/gi
/** Tags that load or run something by themselves, and every tag with attributes: any of them takes a style. */
const loadingTag =
  /<(?=(?:img|image|picture|source|video|audio|track|iframe|frame|frameset|embed|object|applet|link|style|script|base|meta|input|portal|svg|math|form|button|use|template)(?:[\s/>]|$))/gi
const tagWithAttributes = /<(?!https?:\/\/)(?=[a-z][\w:.-]{0,63}[\s/]+(?![\s/>]))/gi
function isOwn(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}

/** What Markdown makes a link, a picture or markup of: the one character of each without which it is plain text. */
function findInMarkdown(text: string): Mark[] {
  const found: Mark[] = []
  for (const { index } of text.matchAll(inline)) {
    if (!isOwn(ownTarget, text, index + 2)) found.push({ start: index + 1, end: index + 2, category: 'link/inline' })
  }
  for (const { index } of text.matchAll(definition)) {
    if (!isOwn(ownDefinition, text, index + 2))
      found.push({ start: index + 1, end: index + 2, category: 'link/definition' })
  }
  return [...found, ...marks(text, loadingTag, 'link/html'), ...marks(text, tagWithAttributes, 'link/html')]
}

function findIn({ text, form }: FilterPart): Mark[] {
  if (form === 'markdown') return /[\]<]/.test(text) ? findInMarkdown(text) : []
  return form === 'html' ? findInHtml(text) : []
}

/**
 * Pictures and links that lead elsewhere: showing one tells its server whatever the address holds, without a click for a
 * picture. Only what a reader's program renders is looked at; an address as plain text does nothing.
 */
export function createLinksFilter(): Filter {
  const name = 'foreign-links@1'
  const inspectAtOnce = (parts: readonly FilterPart[]): readonly FilterFinding[] => {
    const findings: FilterFinding[] = []
    for (const [part, text] of parts.entries()) {
      if (text.form === undefined) continue
      for (const mark of findIn(text)) findings.push({ part, ...mark, score: 0.9, detector: name })
    }
    return findings
  }
  return {
    name,
    categories: ['link'],
    onFailure: 'closed',
    inspect: async (parts, _context, signal) => {
      signal.throwIfAborted()
      return inspectAtOnce(parts)
    },
    inspectAtOnce,
  }
}
