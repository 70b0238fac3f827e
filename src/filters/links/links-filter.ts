import type { Filter, FilterFinding, FilterPart } from '../filter.ts'

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
const foreignAttribute =
  /(?<=\b(?:src|href|poster|data|background|action|formaction|ping|cite|manifest|codebase|archive))\s{0,16}=(?!\s{0,16}(?:["']?\s{0,16}(?:#|data:image\/(?:png|jpeg|gif|webp);base64,)|""|''))/gi
/** Lists of pictures, of which any may stand elsewhere, and spellings that only some browsers know. */
const pictureList = /(?<=\b(?:srcset|imagesrcset|lowsrc|dynsrc))\s{0,16}=/gi
const foreignStyle = /(?<=\burl)\((?!\s{0,16}["']?\s{0,16}(?:#|data:image\/(?:png|jpeg|gif|webp|svg\+xml)))/gi
/** The same with escapes of CSS, and what takes an address without it. */
const escapedStyle =
  /(?<=(?:\\u|\\0{0,4}[57]5\s?|u)(?:\\r|\\0{0,4}[57]2\s?|r)(?:\\l|\\0{0,4}[46]c\s?)|(?:\\u|\\0{0,4}[57]5\s?|u)(?:\\r|\\0{0,4}[57]2\s?)l|(?:\\u|\\0{0,4}[57]5\s?)rl|\bimage-set)\(/gi
const foreignImport = /(?<=@)(?:import\b|[a-z]{0,6}\\)/gi
const activeTag =
  /<(?=(?:iframe|frame|frameset|embed|object|applet|link|script|base|meta|portal|animate|set)(?:[\s/>]|$))/gi

interface Mark {
  readonly start: number
  readonly end: number
  readonly category: string
}

function marks(text: string, pattern: RegExp, category: string): Mark[] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    category,
  }))
}

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

/** Attributes and styles that load what stands elsewhere. Pictures inside the text itself stay. */
function findInHtml(text: string): Mark[] {
  return [
    ...marks(text, foreignAttribute, 'link/attribute'),
    ...marks(text, pictureList, 'link/attribute'),
    ...marks(text, foreignStyle, 'link/style'),
    ...marks(text, escapedStyle, 'link/style'),
    ...marks(text, foreignImport, 'link/import'),
    ...marks(text, activeTag, 'link/html'),
  ]
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
  return {
    name,
    onFailure: 'closed',
    async inspect(parts, _context, signal) {
      signal.throwIfAborted()
      const findings: FilterFinding[] = []
      for (const [part, text] of parts.entries()) {
        if (text.form === undefined) continue
        for (const mark of findIn(text)) findings.push({ part, ...mark, score: 0.9, detector: name })
      }
      return findings
    },
  }
}
