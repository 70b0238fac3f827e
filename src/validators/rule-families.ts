import { type CodeValidatorOptions, onlyStrict, type RuleCategory } from './options.ts'

/** A family of things a program may not name. `Names` are lists of names by their kind, which depends on the language. */
export type RuleFamily<Names extends object> = Names & {
  readonly category: RuleCategory
  /** What programs do use and the sandbox holds by itself: refused by the strict profile alone. */
  readonly strict?: Names
  /** Ends the sentence `"NAME" …`. */
  readonly because: string
}

/** A family, or the strict part of one, as the checks read it. */
export type Rule<Names extends object> = Required<Names> & {
  readonly category: RuleCategory
  readonly because: string
}

/** What a program is held against. `none` has an empty list for every kind of name. */
export function rulesOf<Names extends object>(
  families: readonly RuleFamily<Names>[],
  none: Required<Names>,
  { forbid, profile }: Pick<CodeValidatorOptions, 'forbid' | 'profile'>,
): Rule<Names>[] {
  return families
    .filter(({ category }) => forbid.includes(category))
    .flatMap(({ strict, ...family }) => {
      const { category, because } = family
      const plain = { ...none, ...family }
      if (profile !== 'strict' || strict === undefined) return [plain]
      return [plain, { ...none, ...strict, category, because: `${because}${onlyStrict}` }]
    })
}
