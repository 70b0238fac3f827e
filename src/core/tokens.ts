/**
 * About this many characters are a token, in English and code across tokenizers: for estimates, where a provider's own
 * count is not there.
 */
export const charactersPerToken = 4
