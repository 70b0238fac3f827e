import type { ServerResponse } from 'node:http'
import { answerHeader } from '../core/complaints.ts'

/**
 * Answers under a name that is said in a header; none for `undefined`. A fault that is thrown before anything has left is no
 * answer, and has none.
 */
export async function answeringAs(
  name: string | undefined,
  response: ServerResponse,
  answer: () => Promise<void>,
): Promise<void> {
  if (name === undefined) return answer()
  response.setHeader(answerHeader, name)
  try {
    await answer()
  } catch (thrown) {
    if (!response.headersSent) response.removeHeader(answerHeader)
    throw thrown
  }
}
