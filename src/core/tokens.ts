/**
 * About this many characters are a token, in English and code across tokenizers: for estimates, where a provider's own
 * count is not there.
 */
export const charactersPerToken = 4

/**
 * About how many tokens a text is: four characters of ASCII, two of other alphabets, and one of scripts whose characters are
 * syllables or words, across tokenizers. A fraction, so that estimates of parts add up.
 */
export function estimatedTokens(text: string): number {
  let quarters = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    quarters += code < 0x80 ? 1 : code < 0x2e80 ? 2 : 4
  }
  return quarters / charactersPerToken
}
