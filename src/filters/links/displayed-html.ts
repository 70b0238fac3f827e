import { marks, type Mark } from './marks.ts'

const foreignAttribute =
  /(?<=\b(?:src|href|poster|data|background|action|formaction|ping|cite|manifest|codebase|archive))\s{0,16}=(?!\s{0,16}(?:["']?\s{0,16}(?:#|data:image\/(?:png|jpeg|gif|webp);base64,)|""|''))/gi
/** Lists of pictures, of which any may stand elsewhere, and spellings that only some browsers know. */
const pictureList = /(?<=\b(?:srcset|imagesrcset|lowsrc|dynsrc))\s{0,16}=/gi
const foreignStyle = /(?<=\burl)\((?!\s{0,16}["']?\s{0,16}(?:#|data:image\/(?:png|jpeg|gif|webp|svg\+xml)))/gi
/** The same in CSS, where letters may be escaped, and the properties that take an address without `url`. */
const escapedStyle =
  /(?<=(?:\\u|\\0{0,4}[57]5\s?|u)(?:\\r|\\0{0,4}[57]2\s?|r)(?:\\l|\\0{0,4}[46]c\s?)|(?:\\u|\\0{0,4}[57]5\s?|u)(?:\\r|\\0{0,4}[57]2\s?)l|(?:\\u|\\0{0,4}[57]5\s?)rl|\bimage-set)\(/gi
const foreignImport = /(?<=@)(?:import\b|[a-z]{0,6}\\)/gi
const activeTag =
  /<(?=(?:iframe|frame|frameset|embed|object|applet|link|script|base|meta|portal|animate|set)(?:[\s/>]|$))/gi

/** Functions of CSS that take an address in quotes: where none is given, the word is one of the text. */
const quotedAddress = /(?<=\b(?:src|image|cross-fade))\((?=\s{0,16}(?:["'\\]|\/\/|https?:))/gi
/** What code runs by, without a click for some. A word of a sentence that begins with "on" does not count. */
const handler =
  /(?<=[\s"'/]on(?:abort|after[a-z]+|animation[a-z]+|auxclick|before[a-z]+|begin|blur|can[a-z]+|change|click|close|command|content[a-z]+|context[a-z]+|copy|cuechange|cut|dblclick|drag[a-z]*|drop|durationchange|emptied|end|ended|error|focus[a-z]*|formdata|fullscreen[a-z]+|gotpointercapture|hashchange|input|invalid|key(?:down|press|up)|languagechange|load[a-z]*|lostpointercapture|message[a-z]*|mouse[a-z]+|offline|online|page[a-z]+|paste|pause|play[a-z]*|pointer[a-z]+|popstate|progress|ratechange|rejectionhandled|repeat|reset|resize|scroll[a-z]*|search|security[a-z]+|seek[a-z]+|select[a-z]*|show|slotchange|stalled|storage|submit|suspend|timeupdate|toggle|touch[a-z]+|transition[a-z]+|unhandledrejection|unload|volumechange|waiting|webkit[a-z]+|wheel))\s{0,16}=/gi
const styleAttribute = /\bstyle\s{0,16}=\s{0,16}(["']?)/gi
const styleElement = /<style(?=[\s/>])/gi
/** A character reference that a name of a function could be hidden by; those of quotes and of the ampersand cannot. */
const hidingReference = /&(?:#(?!(?:0{0,8}3[49]|x0{0,8}2[27]);)|(?!(?:quot|apos|amp|nbsp);)[a-z])/gi

/** The first match at `at` or after, for places that only grow: each part of the text is searched once. */
function searcher(text: string, pattern: RegExp): (at: number) => number {
  let found = -1
  return (at) => {
    if (found < at) {
      pattern.lastIndex = at
      found = pattern.exec(text)?.index ?? text.length
    }
    return found
  }
}

/** Styles with character references, which a browser resolves before it reads the style. */
function hiddenStyles(text: string): Mark[] {
  if (!text.includes('&')) return []
  const found: Mark[] = []
  const reference = searcher(text, hidingReference)
  const ends: Readonly<Record<string, (at: number) => number>> = {
    '"': searcher(text, /"/g),
    "'": searcher(text, /'/g),
    '': searcher(text, /[\s>]/g),
  }
  for (const { 0: whole, 1: quote = '', index } of text.matchAll(styleAttribute)) {
    const value = index + whole.length
    const start = index + whole.indexOf('=')
    if (reference(value) < (ends[quote]?.(value) ?? text.length))
      found.push({ start, end: start + 1, category: 'link/attribute' })
  }
  // References in a style sheet are resolved where it stands in a drawing.
  const inElements = searcher(text, new RegExp(hidingReference))
  const close = searcher(text, /<\/style/gi)
  for (const { index } of text.matchAll(styleElement)) {
    if (inElements(index) < close(index)) found.push({ start: index, end: index + 1, category: 'link/html' })
  }
  return found
}

/** Attributes and styles that load what stands elsewhere. Pictures inside the text itself stay. */
export function findInHtml(text: string): Mark[] {
  return [
    ...marks(text, handler, 'link/attribute'),
    ...hiddenStyles(text),
    ...marks(text, foreignAttribute, 'link/attribute'),
    ...marks(text, pictureList, 'link/attribute'),
    ...marks(text, foreignStyle, 'link/style'),
    ...marks(text, quotedAddress, 'link/style'),
    ...marks(text, escapedStyle, 'link/style'),
    ...marks(text, foreignImport, 'link/import'),
    ...marks(text, activeTag, 'link/html'),
  ]
}
