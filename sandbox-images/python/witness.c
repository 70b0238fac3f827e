/*
 * Counts the allocations that the system refuses to a worker, in a page that the supervisor can read after its death.
 *
 * Libraries that run out of memory end the process in their own ways: an abort, an exit status of 1. None of that tells
 * memory from anything else, and what they print may be printed by anybody. This stands in front of the C library's
 * allocator and its mmap, and notes when one of them said no. Code of the user's shares the process and could write into
 * the page: what it says is a worker's word, believed together with how the process ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The keeper's memory file: see worker_process.py. */
#define DESCRIPTOR 4
#define SIZE 16

struct record {
  uint64_t refused;
  /* CLOCK_MONOTONIC, nanoseconds. */
  uint64_t last;
};

static struct record *volatile record;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

__attribute__((constructor)) static void begin(void) {
  struct stat facts;
  int seals = fcntl(DESCRIPTOR, F_GET_SEALS);
  if (seals < 0 || (seals & (F_SEAL_GROW | F_SEAL_SHRINK)) != (F_SEAL_GROW | F_SEAL_SHRINK)) return;
  if (fstat(DESCRIPTOR, &facts) != 0 || facts.st_size != SIZE) return;
  void *page = (void *)syscall(SYS_mmap, NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, DESCRIPTOR, 0);
  close(DESCRIPTOR);
  if (page != MAP_FAILED) record = page;
}

static void refuse(void) {
  struct timespec now;
  struct record *page = record;
  if (page == NULL) return;
  int saved = errno;
  clock_gettime(CLOCK_MONOTONIC, &now);
  page->last = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  __atomic_add_fetch(&page->refused, 1, __ATOMIC_RELAXED);
  errno = saved;
}

void *malloc(size_t size) {
  void *found = __libc_malloc(size);
  if (__builtin_expect(found == NULL, 0)) refuse();
  return found;
}

void *calloc(size_t count, size_t size) {
  void *found = __libc_calloc(count, size);
  if (__builtin_expect(found == NULL, 0)) refuse();
  return found;
}

void *realloc(void *old, size_t size) {
  void *found = __libc_realloc(old, size);
  if (__builtin_expect(found == NULL && size != 0, 0)) refuse();
  return found;
}

void *memalign(size_t alignment, size_t size) {
  void *found = __libc_memalign(alignment, size);
  if (__builtin_expect(found == NULL, 0)) refuse();
  return found;
}

void *aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  int saved = errno;
  void *found = memalign(alignment, size);
  errno = saved;
  if (found == NULL) return ENOMEM;
  *result = found;
  return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  void *found = (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
  if (__builtin_expect(found == MAP_FAILED && errno == ENOMEM, 0)) refuse();
  return found;
}

void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));

void *mremap(void *old, size_t old_size, size_t new_size, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  void *address = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void *) : NULL;
  va_end(rest);
  void *found = (void *)syscall(SYS_mremap, old, old_size, new_size, flags, address);
  if (__builtin_expect(found == MAP_FAILED && errno == ENOMEM, 0)) refuse();
  return found;
}
