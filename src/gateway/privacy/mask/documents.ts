import { jsonTree, replaceStretches, stringAt, type JsonNode, type Replacement } from '../../../text/json-tree.ts'

/** Where a document stands in another one. */
interface Enclosing {
  readonly document: Document
  readonly place: { readonly start: number; readonly end: number }
}

/** A JSON text that is changed in places: the body of a request, or JSON that stands in one of its texts. */
export class Document {
  readonly text: string
  readonly root: JsonNode
  readonly #enclosing: Enclosing | null
  readonly #replacements: Replacement[] = []

  constructor(text: string, enclosing: Enclosing | null = null) {
    this.text = text
    this.root = jsonTree(text)
    this.#enclosing = enclosing
  }

  /** The text that stands at a place, its escapes read. */
  stringAt(place: { readonly start: number; readonly end: number }): string {
    return stringAt(this.text, place)
  }

  /** `json` is what stands at the place from now on. */
  replace({ start, end }: { readonly start: number; readonly end: number }, json: string): void {
    this.#replacements.push({ start, end, by: json })
  }

  get isChanged(): boolean {
    return this.#replacements.length > 0
  }

  /** The text as it is changed. */
  render(): string {
    return replaceStretches(
      this.text,
      this.#replacements.sort((one, other) => one.start - other.start),
    )
  }

  /** Puts what was changed into the document around it. Those that stand in this one come before. */
  putBack(): void {
    if (this.#enclosing !== null && this.isChanged) {
      this.#enclosing.document.replace(this.#enclosing.place, JSON.stringify(this.render()))
    }
  }
}
