/** When an answer leaves: as it comes, or when all of it is there, so that one which breaks off can be asked for anew. */
export const recoveries = ['stream', 'hold'] as const

export type Recovery = (typeof recoveries)[number]
