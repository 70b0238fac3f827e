import type { IdentityOptions } from '../gateway/authenticate/options.ts'
import type { Tokens, TokensOptions } from '../gateway/authenticate/tokens/tokens.ts'

/** Tokens of the issuers of a configuration; null, and nothing is loaded for them, where there is none. */
export async function openTokens(
  { issuers }: Pick<IdentityOptions, 'issuers'>,
  onFault: TokensOptions['onFault'],
): Promise<Tokens | null> {
  if (Object.keys(issuers).length === 0) return null
  const { createTokens } = await import('../gateway/authenticate/tokens/tokens.ts')
  return createTokens({ issuers, onFault })
}
