const fenceLine = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(?:>\s?)*(`{3,}|~{3,})/
const closingFence = /(?:`{3,}|~{3,})\s*$/
const quotedLine = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*>/
const listLine = /^\s*(?:[-*+]|\d{1,9}[.)])\s/
const indentedLine = /^(?: {4}|\t)/
/** Tags that only change how words look. */
const harmlessTag = /^<\/?(?:b|br|em|i|small|strong|sub|sup|u)\s*\/?$/i
/** Elements that a blank line does not end. */
const lastingTag = /^<(?:[!?]|script|pre|style|textarea)/i
const address = /:\/\/|\/\/|www\.|mailto:|@/i
/** What a value may stand behind: a blank, or a mark that makes nothing else of it. */
const mayPrecede = /[\s(*_~|>$€£¥+\-−–—≈±=/:;…]/u

/** The longest word, and the longest beginning of a line, that is looked at. */
const longestSeen = 600

/**
 * Where the end of a text of Markdown stands that is being written: in a sentence, or in something that a reader's program makes more of
 * than words. Whatever is in doubt counts as not in a sentence.
 */
export class MarkdownPlace {
  #line = ''
  #word = ''
  #last = ''
  /** The last character, where it may be a mark of Markdown. */
  #mark = ''
  #fence: string | null = null
  #isAfterBlank = true
  #isInList = false
  #isEscaped = false
  #ticks = 0
  #code = 0
  #brackets = 0
  #target = 0
  #isDefinition = false
  #tag: string | null = null
  #isHtml = false
  #isQuotedBlock = false
  #straight = false
  #curly: string | null = null

  take(text: string): void {
    for (const character of text) this.#next(character)
  }

  /** Would a word that is written now be a word of a sentence, and part of no quotation? */
  get isInSentence(): boolean {
    this.#settleTicks()
    if (this.#fence !== null || this.#isHtml || this.#isQuotedBlock || this.#isIndented(this.#line)) return false
    if (fenceLine.test(this.#line) || quotedLine.test(this.#line)) return false
    if (this.#code > 0 || this.#brackets > 0 || this.#target > 0 || this.#isDefinition) return false
    if (this.#tag !== null || this.#straight || this.#curly !== null || this.#isEscaped) return false
    if (this.#word.length >= longestSeen || address.test(this.#word)) return false
    return this.#last === '' || mayPrecede.test(this.#last)
  }

  #next(character: string): void {
    const before = this.#mark
    this.#last = character
    this.#mark = this.#isEscaped ? '' : character
    if (character === '\n') return this.#endLine()
    if (this.#line.length < longestSeen) this.#line += character
    if (/\s/.test(character)) this.#word = ''
    else if (this.#word.length < longestSeen) this.#word += character
    if (this.#fence !== null) return
    if (character === '`' && !this.#isEscaped) {
      this.#ticks += 1
      return
    }
    this.#settleTicks()
    if (this.#code > 0) return
    if (this.#isEscaped) {
      this.#isEscaped = false
      return
    }
    if (character === '\\') this.#isEscaped = true
    else if (this.#tag !== null) this.#inTag(character)
    else this.#inText(character, before)
  }

  #inText(character: string, before: string): void {
    if (this.#target > 0) {
      if (character === '(') this.#target += 1
      else if (character === ')') this.#target -= 1
    } else if (character === '[') this.#brackets += 1
    else if (character === ']') this.#brackets = Math.max(0, this.#brackets - 1)
    else if (before === ']' && character === '(') this.#target = 1
    else if (before === ']' && character === ':') this.#isDefinition = true
    else if (before === '<' && /[a-z/!?]/i.test(character)) this.#tag = `<${character}`
    else if (character === '"') this.#straight = !this.#straight
    else if (this.#curly === null && /[“„«‹]/.test(character)) this.#curly = character
    else if (this.#curly !== null && (this.#curly === '„' ? /[“”]/ : /[”»›]/).test(character)) this.#curly = null
  }

  #inTag(character: string): void {
    if (character !== '>') {
      if ((this.#tag ?? '').length < longestSeen) this.#tag = `${this.#tag}${character}`
      return
    }
    if (!harmlessTag.test(this.#tag ?? '')) this.#isHtml = true
    this.#tag = null
  }

  /** A run of backticks opens code, or closes what as many have opened. */
  #settleTicks(): void {
    if (this.#ticks === 0) return
    if (this.#code === 0) this.#code = this.#ticks
    else if (this.#code === this.#ticks) this.#code = 0
    this.#ticks = 0
  }

  #isIndented(line: string): boolean {
    return this.#isAfterBlank && !this.#isInList && indentedLine.test(line)
  }

  #endLine(): void {
    const line = this.#line
    this.#line = ''
    this.#word = ''
    this.#isEscaped = false
    const [, mark] = fenceLine.exec(line) ?? []
    if (this.#fence !== null) {
      if (mark?.startsWith(this.#fence) === true && closingFence.test(line)) this.#endFence()
      return
    }
    if (mark !== undefined) {
      this.#fence = mark
      return
    }
    this.#settleTicks()
    if (line.trim() === '') return this.#endParagraph()
    if (quotedLine.test(line)) this.#isQuotedBlock = true
    if (listLine.test(line)) this.#isInList = true
    else if (this.#isAfterBlank && !/^\s/.test(line)) this.#isInList = false
    this.#isAfterBlank = this.#isIndented(line)
  }

  #endFence(): void {
    this.#fence = null
    this.#ticks = 0
    this.#code = 0
  }

  /** What a paragraph leaves open ends with it. */
  #endParagraph(): void {
    if (this.#tag !== null && lastingTag.test(this.#tag)) this.#isHtml = true
    this.#tag = null
    this.#code = 0
    this.#brackets = 0
    this.#target = 0
    this.#isDefinition = false
    this.#isQuotedBlock = false
    this.#straight = false
    this.#curly = null
    this.#isAfterBlank = true
  }
}
