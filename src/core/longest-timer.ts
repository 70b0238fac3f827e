/** Milliseconds. A timer that is set for longer fires at once, so no setting may be longer. */
export const longestTimer = 2 ** 31 - 1
