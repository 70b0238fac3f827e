/** One reason a validator has against a source. All of them are reported at once, in the order of the source. */
export interface Finding {
  /** Stable identifier, e.g. `sql/relation-not-allowed`; documentation and tests cite it. */
  readonly rule: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  /** A sentence for the author of the code: what is wrong and what is allowed instead. Names no secret. */
  readonly message: string
}

/** A refusal is a value: the caller has to look at it. */
export type Verdict<Accepted> =
  | { readonly kind: 'accepted'; readonly value: Accepted }
  | { readonly kind: 'refused'; readonly findings: readonly [Finding, ...Finding[]] }

/** Findings as the lines a model or a person reads. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => `line ${finding.line}, column ${finding.column}: ${finding.message} [${finding.rule}]`)
    .join('\n')
}
