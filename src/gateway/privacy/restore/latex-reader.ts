/** Commands of LaTeX, KaTeX and MathJax whose arguments are addresses, or attributes of what is shown. */
const commands: ReadonlySet<string> = new Set([
  'href', 'url', 'nolinkurl', 'hyperref', 'hyperlink', 'includegraphics', 'includesvg', 'input', 'include', 'import',
  'htmldata', 'htmlstyle', 'htmlid', 'htmlclass', 'style',
]) // prettier-ignore
const longestCommand = 20

/** Whether a place is within the argument of a command that takes an address, `\href{…}{…}`, read character by character. */
export class LatexReader {
  /** The letters of a command that is being read. */
  #command: string | null = null
  #isArmed = false
  #isInOptions = false
  #braces = 0
  #last = ''

  get isInside(): boolean {
    return this.#braces > 0 || this.#isInOptions
  }

  read(character: string): void {
    const last = this.#last
    this.#last = character
    if (this.#braces > 0) {
      if (last !== '\\') this.#braces += character === '{' ? 1 : character === '}' ? -1 : 0
      return
    }
    if (this.#command !== null) {
      if (/[a-z]/i.test(character) && this.#command.length < longestCommand) {
        this.#command += character.toLowerCase()
        return
      }
      this.#isArmed = commands.has(this.#command)
      this.#command = null
    }
    if (this.#isArmed) this.#readArmed(character)
    if (character === '\\') this.#command = ''
  }

  #readArmed(character: string): void {
    if (this.#isInOptions) this.#isInOptions = character !== ']'
    else if (character === '[') this.#isInOptions = true
    else if (character === '{') {
      this.#braces = 1
      this.#isArmed = false
    } else if (!/[\s*]/u.test(character)) this.#isArmed = false
  }
}
