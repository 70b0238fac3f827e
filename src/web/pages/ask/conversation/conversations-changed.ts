import { signal } from '@preact/signals'

/** Counts up when a conversation was made, renamed or deleted, for lists of them. */
export const conversationsChanged = signal(0)
