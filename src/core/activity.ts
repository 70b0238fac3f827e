/** Something that takes its time; disposing says that it is over. */
export type Activity = Disposable

/** Told what is being waited for, in words for people: `starting a sandbox`. */
export type OnActivity = (what: string) => Activity

/** For callers that show no activity. */
export const ignoreActivity: OnActivity = () => ({ [Symbol.dispose]: () => {} })
