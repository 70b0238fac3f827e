/*
 * Counts the files that a worker opens for writing, so that a cell that opened none is not looked after.
 *
 * To ask the kernel which files are open takes several system calls at the end of every cell, and most cells open none.
 * This stands in front of the C library's functions that open files by name. A file opened past them (a system call of
 * one's own, a descriptor handed over by another process) is not counted; Python and the libraries of the image open
 * theirs through them. Nothing is decided by it but whether to look: see working/open_files.py.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Read by the worker under this name. Counted once the file is open: whoever read a count before looked too early. */
uint64_t sallyport_opened_for_writing = 0;

static void count(void) {
  __atomic_add_fetch(&sallyport_opened_for_writing, 1, __ATOMIC_RELAXED);
}

static int open_counted(int folder, const char *path, int flags, mode_t mode) {
  int found = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (found >= 0 && (flags & O_ACCMODE) != O_RDONLY) count();
  return found;
}

static int takes_mode(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

#define MODE(flags, mode)            \
  mode_t mode = 0;                   \
  if (takes_mode(flags)) {           \
    va_list rest;                    \
    va_start(rest, flags);           \
    mode = va_arg(rest, unsigned);   \
    va_end(rest);                    \
  }

int open(const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_counted(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE(flags, mode)
  return open_counted(folder, path, flags, mode);
}

int creat(const char *path, mode_t mode) {
  return open_counted(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
int creat64(const char *, mode_t) __attribute__((alias("creat")));

/* What programs call that were compiled with checks of their arguments. */
int __open_2(const char *path, int flags) {
  return open_counted(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags) {
  return open_counted(folder, path, flags, 0);
}

int __open64_2(const char *, int) __attribute__((alias("__open_2")));
int __openat64_2(int, const char *, int) __attribute__((alias("__openat_2")));

static FILE *open_stream(const char *name, const char *path, const char *mode) {
  FILE *(*next)(const char *, const char *) = NULL;
  *(void **)&next = dlsym(RTLD_NEXT, name);
  if (next == NULL) return NULL;
  FILE *found = next(path, mode);
  if (found != NULL && strpbrk(mode, "wa+") != NULL) count();
  return found;
}

FILE *fopen(const char *path, const char *mode) {
  return open_stream("fopen", path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
  return open_stream("fopen64", path, mode);
}
