import { z } from 'zod'

/** What a local Docker daemon says about one image, its runtimes and the walls of its own around every container. */
export const daemonFacts = z.strictObject({
  image: z.strictObject({ id: z.string(), environment: z.array(z.string()) }),
  runtimes: z.record(z.string(), z.strictObject({ path: z.string(), arguments: z.array(z.string()) })),
  /** As `name=userns`. */
  security: z.array(z.string()),
})

export type DaemonFacts = z.infer<typeof daemonFacts>
