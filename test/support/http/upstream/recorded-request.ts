/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Names and values in turn, as they were written. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Did whoever asked go away before the answer had ended? */
  isAbandoned: boolean
}

/** The values under a name, whatever its case. */
export function headerValues({ rawHeaders }: RecordedRequest, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}
