/** A response of which its caller has seen so much. */
export interface SeenResponse {
  readonly id: string
  /** Ids of items that were done. */
  readonly items: string[]
  /** The highest number of an event that was seen; null for none. */
  last: number | null
  isComplete: boolean
}

/** A conversation with what its caller was told is kept in it, each as it begins. */
export interface SeenConversation {
  readonly id: string
  readonly texts: string[]
}

/** What callers were told before the service was killed. */
export class Acknowledged {
  readonly responses: SeenResponse[] = []
  readonly conversations: SeenConversation[] = []
  /** Contents by the ids of their files. */
  readonly files = new Map<string, string>()
  /** Requests whose answer was read, with the event that their audit trail has. */
  readonly ended: { readonly requestId: string; readonly event: string }[] = []
  readonly sessions: string[] = []
  /** Ids of containers, with those of the files that each was given. */
  readonly containers = new Map<string, string[]>()
  readonly sandboxes: { readonly id: string; readonly token: string }[] = []
  /** Answers that nobody expects while a service is killed. */
  readonly wrong: string[] = []

  /** How much there is of each. */
  get counts() {
    const { responses, conversations, files, ended, sessions, sandboxes, containers } = this
    return {
      responses: responses.length,
      completed: responses.filter(({ isComplete }) => isComplete).length,
      steps: responses.reduce((sum, { items }) => sum + items.length, 0),
      texts: conversations.reduce((sum, { texts }) => sum + texts.length, 0),
      files: files.size,
      ended: ended.length,
      sessions: sessions.length,
      sandboxes: sandboxes.length,
      containers: containers.size,
    }
  }
}
