/** Resolves when all of it has settled; rejects with the first fault where there was one, and not before the others have come to their end. */
export async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
