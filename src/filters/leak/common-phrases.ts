/** What instructions of any kind say: to repeat it tells nothing of them. */
const phrases = [
  'you are a helpful assistant', 'you are a helpful, harmless and honest assistant', 'you are an AI assistant', 'you are an expert',
  'answer the question', 'answer the following question', 'answer the question based on the context below', 'based on the information provided',
  'in the same language as the question', 'if you do not know the answer, say so', "if you don't know the answer, just say that you don't know",
  'do not make up an answer', "don't try to make up an answer", 'be concise', 'think step by step', "let's think step by step",
  'take a deep breath and work on this problem step by step', 'as an AI language model', 'please let me know if you have any questions',
  'let me know if you need anything else', 'how can I help you today', 'is there anything else I can help you with',
  'use the following pieces of context to answer the question at the end', 'you have access to the following tools', 'use Markdown',
  'write the answer in Markdown', 'for example', 'please note that', 'I am sorry, but I cannot help with that', 'the following', 'at the end of the',
  'according to the', 'with respect to', 'terms and conditions', 'all rights reserved', 'contact customer support', 'frequently asked questions',
] // prettier-ignore

const escaped = (phrase: string) => phrase.replace(/[^\p{L}\p{N}]+/gu, String.raw`[^\p{L}\p{N}]+`)
const any = new RegExp(
  phrases
    .toSorted((one, other) => other.length - one.length)
    .map(escaped)
    .join('|'),
  'giu',
)

/** Tells of each place of a text whether it stands outside of every common phrase. */
export function outsideCommonPhrases(text: string): (place: number) => boolean {
  const isCommon = new Uint8Array(text.length)
  for (const { 0: phrase, index } of text.matchAll(any)) isCommon.fill(1, index, index + phrase.length)
  return (place) => isCommon[place] === 0
}
