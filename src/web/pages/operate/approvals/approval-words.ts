const states = {
  pending: { text: 'waits', kind: 'warning' },
  allowed: { text: 'allowed', kind: 'good' },
  refused: { text: 'refused', kind: 'neutral' },
  used: { text: 'allowed and used', kind: 'good' },
  expired: { text: 'expired', kind: 'neutral' },
} as const

export const approvalState = (state: keyof typeof states) => states[state]

interface Asked {
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
}

/** What is asked for, in a line. */
export function askedFor({ tool, language, source }: Asked): string {
  const of = [language, source === null ? null : `on ${source}`].filter((part) => part !== null)
  return of.length === 0 ? tool : `${tool}: ${of.join(' ')}`
}

/** Can somebody still decide it? */
export const isOpen = (
  of: { readonly state: keyof typeof states; readonly expires_at: string },
  now: number,
): boolean => of.state === 'pending' && Date.parse(of.expires_at) > now
