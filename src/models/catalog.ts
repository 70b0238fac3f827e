/**
 * Context windows in tokens (input and output together) by the beginning of the model's name; the longest match wins.
 * Source: the providers' own model pages.
 */
const contextTokensByPrefix: readonly (readonly [string, number])[] = [
  ['gpt-5', 400_000],
  ['gpt-4.1', 1_047_576],
  ['gpt-4o', 128_000],
  ['gpt-4-turbo', 128_000],
  ['gpt-oss', 131_072],
  ['o1', 200_000],
  ['o3', 200_000],
  ['o4-mini', 200_000],
  ['llama3.1', 131_072],
  ['llama-3.1', 131_072],
  ['llama3.3', 131_072],
  ['llama-3.3', 131_072],
  ['mistral-large', 131_072],
  ['mistral-small', 131_072],
  ['qwen2.5', 32_768],
  ['qwen3', 40_960],
  ['deepseek', 65_536],
]

/** Context window of a model by name, with or without a publisher in front (`meta-llama/Llama-3.1-8B`); null when not known. */
export function contextTokensOf(name: string): number | null {
  const bare = name.toLowerCase().replace(/^.*\//, '')
  const matches = contextTokensByPrefix.filter(([prefix]) => bare.startsWith(prefix))
  const longest = matches.toSorted(([left], [right]) => right.length - left.length)[0]
  return longest?.[1] ?? null
}
