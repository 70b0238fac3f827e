/** The name by which callers ask for the service's own model: the whole path, from question to answer. */
export const ownModel = 'analyst'
