/** The time of the browser, in milliseconds since 1970: what ends is dated by the calendar. */
export const now = (): number => Date.now()
