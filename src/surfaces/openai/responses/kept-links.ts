import type { AnswerArtifact } from '../../../core/events.ts'

interface KeptLink {
  readonly url: string
  readonly until: number
}

/** Links that are remembered at most. */
const most = 1_000

/** Short-lived links to files that are kept, each made once for as long as it lives. */
export class KeptLinks {
  readonly #links = new Map<string, KeptLink>()
  readonly #make: (artifact: AnswerArtifact) => string | null
  readonly #lifeMilliseconds: number

  /** `lifeMilliseconds`: of a link; it is given for half of that. */
  constructor(make: (artifact: AnswerArtifact) => string | null, lifeMilliseconds: number) {
    this.#make = make
    this.#lifeMilliseconds = lifeMilliseconds
  }

  find(fileId: string): string | null {
    const known = this.#links.get(fileId)
    return known === undefined || known.until <= performance.now() ? null : known.url
  }

  /** Null for what is too large for a link. */
  make(fileId: string | null, artifact: AnswerArtifact): string | null {
    const url = this.#make(artifact)
    if (url === null || fileId === null) return url
    const [oldest] = this.#links.keys()
    if (this.#links.size >= most && oldest !== undefined) this.#links.delete(oldest)
    this.#links.delete(fileId)
    this.#links.set(fileId, { url, until: performance.now() + this.#lifeMilliseconds / 2 })
    return url
  }
}
