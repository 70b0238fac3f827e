import type { Filter, FilterContext, FilterFinding, FilterPart } from '../filter.ts'
import { findAddresses } from './addresses.ts'
import { findInHtml } from './displayed-html.ts'
import type { KnownAddresses } from './known-addresses.ts'
import { marks, type Mark } from './marks.ts'

/**
 * Where a link or a picture may point without a word: into the answer itself or to a path of the same server. No scheme,
 * no second slash, no backslash (browsers read it as a slash), no reference that hides one.
 */
const ownTarget = /\s*(?:#[\w-]*|(?:\.{0,2}\/)?\w[\w\-./]*(?:\?[\w\-=.+]*)?(?:#[\w-]*)?)?\s*(?:"[^"\n]{0,200}"\s*)?\)/y
const ownDefinition = /\s*(?:#[\w-]*|(?:\.{0,2}\/)\w[\w\-./]*)\s*(?:\n|$)/y
/** One that is written out plainly: nothing in it is read otherwise by any program. */
const plainTarget = /\s{0,16}<?(https?:\/\/[^\s<>()[\]\\&"'`]{1,2048})>?\s{0,16}(?:"[^"\n]{0,200}"\s{0,16})?\)/iy
const plainDefinition = /:[ \t]{0,16}<?(https?:\/\/[^\s<>()[\]\\&"'`]{1,2048})>?[ \t]{0,16}(?:\n|$)/iy
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

function targetAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[1] ?? null
}

/** Farthest that the beginning of a link's label is looked for, in UTF-16 code units. */
const longestLabel = 400

/** Is the bracket at a place the end of a link's label, and surely of no picture's? */
function endsLabelOfLink(text: string, at: number): boolean {
  let open = 1
  for (let start = at - 1; start >= 0 && start >= at - longestLabel; start -= 1) {
    if (text[start] === ']') open += 1
    else if (text[start] === '[') open -= 1
    if (open === 0) return !/[!\\]$/.test(text.slice(0, start))
  }
  return false
}

/** Does the link or the picture whose label ends at a place lead where the person or the operator wants it to? */
function isKnownTarget(text: string, at: number, known: KnownAddresses): boolean {
  const target = targetAt(plainTarget, text, at + 2)
  if (target === null) return false
  return known.isAtOwnHost(target) || (known.isKnown(target) && endsLabelOfLink(text, at))
}

function isKnownDefinition(text: string, at: number, known: KnownAddresses): boolean {
  const target = targetAt(plainDefinition, text, at + 1)
  return target !== null && known.isAtOwnHost(target)
}

/** What Markdown makes a link, a picture or markup of: the one character of each without which it is plain text. */
function findInMarkdown(text: string, known: KnownAddresses | undefined): Mark[] {
  const found: Mark[] = []
  for (const { index } of text.matchAll(inline)) {
    if (isOwn(ownTarget, text, index + 2) || (known !== undefined && isKnownTarget(text, index, known))) continue
    found.push({ start: index + 1, end: index + 2, category: 'link/inline' })
  }
  for (const { index } of text.matchAll(definition)) {
    if (isOwn(ownDefinition, text, index + 2) || (known !== undefined && isKnownDefinition(text, index, known)))
      continue
    found.push({ start: index + 1, end: index + 2, category: 'link/definition' })
  }
  return [...found, ...marks(text, loadingTag, 'link/html'), ...marks(text, tagWithAttributes, 'link/html')]
}

/** What a reader's program would follow, load or run in a text, but for known addresses; without these plain ones are left alone. */
export function findInText(
  part: Pick<FilterPart, 'text' | 'form' | 'focus'>,
  known: KnownAddresses | undefined,
): readonly Mark[] {
  const { text, form } = part
  if (form === 'markdown') {
    const markup = /[\]<]/.test(text) ? findInMarkdown(text, known) : []
    return known === undefined ? markup : [...markup, ...findAddresses(part, known)]
  }
  return form === 'html' ? findInHtml(text) : []
}

/**
 * Pictures and links that lead elsewhere: showing one tells its server whatever the address holds, without a click for a
 * picture. Only what a reader's program renders is looked at. Where it is known which addresses a person and an operator
 * stand for, these stay, and any other is disarmed as plain text, too: programs make links and previews of it.
 */
export function createLinksFilter(): Filter {
  const name = 'foreign-links@2'
  const inspectAtOnce = (
    parts: readonly FilterPart[],
    { addresses }: Pick<FilterContext, 'addresses'>,
  ): readonly FilterFinding[] => {
    const findings: FilterFinding[] = []
    for (const [part, text] of parts.entries()) {
      if (text.form === undefined) continue
      for (const mark of findInText(text, addresses)) findings.push({ part, ...mark, score: 0.9, detector: name })
    }
    return findings
  }
  return {
    name,
    categories: ['link'],
    onFailure: 'closed',
    inspect: async (parts, context, signal) => {
      signal.throwIfAborted()
      return inspectAtOnce(parts, context)
    },
    inspectAtOnce,
  }
}
