/** Categories of `omni-moderation-latest`, with ours. Source: OpenAI, guides/moderation. */
export const moderationCategories = {
  harassment: 'toxicity/harassment',
  'harassment/threatening': 'toxicity/harassment',
  hate: 'toxicity/hate',
  'hate/threatening': 'toxicity/hate',
  illicit: 'guard/illicit',
  'illicit/violent': 'guard/illicit',
  'self-harm': 'toxicity/self-harm',
  'self-harm/intent': 'toxicity/self-harm',
  'self-harm/instructions': 'toxicity/self-harm',
  sexual: 'toxicity/sexual',
  'sexual/minors': 'toxicity/sexual',
  violence: 'toxicity/violence',
  'violence/graphic': 'toxicity/violence',
} as const

export type ModerationName = keyof typeof moderationCategories

export const moderationNames = Object.keys(moderationCategories) as readonly ModerationName[]
