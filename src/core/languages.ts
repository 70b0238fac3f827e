/** Languages of programs that a sandbox runs. TypeScript is among those of callers only: it reaches a sandbox as JavaScript. */
export const sandboxLanguages = ['python', 'javascript', 'shell'] as const
export type SandboxLanguage = (typeof sandboxLanguages)[number]

/** Languages in which a caller hands a program in. */
export const programLanguages = ['python', 'javascript', 'typescript', 'shell'] as const
export type ProgramLanguage = (typeof programLanguages)[number]

/** Languages that a model writes for its tools. */
export const modelLanguages = ['sql', 'python', 'javascript'] as const
export type ModelLanguage = (typeof modelLanguages)[number]
