/** Paths of the kernel's own files: nothing of a data analysis lives there. */
export const systemPath = /^\/(?:proc|sys|dev)\/(?!null$|shm\/)|^\/etc\/(?:passwd|shadow|hosts|resolv)/
