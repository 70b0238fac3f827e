/** Drivers that start a container for each sandbox. */
export const containerDrivers = ['docker', 'runsc', 'kubernetes'] as const
export type ContainerDriver = (typeof containerDrivers)[number]

/** What the configuration may name: a container driver, or the choice of one by what this machine proves. */
export const configurableDrivers = ['auto', ...containerDrivers] as const

/** What a caller may run a program in: a container, or an isolate in a process. */
export const sandboxDrivers = [...containerDrivers, 'isolate'] as const
export type SandboxDriverName = (typeof sandboxDrivers)[number]
