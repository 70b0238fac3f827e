/** What bodies a guarded endpoint takes, for who reads them before it does. */
export interface EndpointBodies {
  readonly name: string
  readonly operations: readonly {
    readonly method: string
    /** As the document has it, parameters in braces. */
    readonly path: string
    readonly types: readonly BodyType[]
  }[]
}

export interface BodyType {
  /** In lower case, without parameters. */
  readonly name: string
  /** `bytes` are pictures and all that nobody reads on the way. */
  readonly kind: 'json' | 'form' | 'text' | 'bytes'
  /** Of JSON: positions (`items[].image`) of what is always base64, or a data: URL of it. */
  readonly encoded: readonly string[]
}
