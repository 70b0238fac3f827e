/** Languages of programs that a sandbox runs. TypeScript is among those of callers only: it reaches a sandbox as JavaScript. */
export const sandboxLanguages = ['python', 'javascript', 'shell'] as const
export type SandboxLanguage = (typeof sandboxLanguages)[number]

/** Languages in which a caller hands a program in. */
export const programLanguages = ['python', 'javascript', 'typescript', 'shell'] as const
export type ProgramLanguage = (typeof programLanguages)[number]

/** Languages of what tools run. Shell is among those of callers' own programs only: no model is given a tool for it. */
export const toolLanguages = ['sql', 'python', 'javascript', 'shell'] as const
export type ToolLanguage = (typeof toolLanguages)[number]
