/*
 * The memory of a worker as a file that many copies of it share.
 *
 * A checkpoint is made of a worker that has imported its libraries. Most of what it holds is never written again, but each
 * sandbox that is restored from the checkpoint has its own copy of all of it. `sallyport_dump` writes the memory into a
 * file. `sallyport_share` maps that file, privately, over every page that still holds what was written, so that the page
 * is the file's until somebody writes to it. A page that differs stays as it is, whatever the file says: the contents of
 * the process never change.
 *
 * Call both with the interpreter's lock held and no other thread at work: what is written between a comparison and the
 * mapping would be lost.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u
/*
 * The first write to a shared page copies the whole mapping it is in, up to 2 MiB: gVisor copies around the page. Smaller
 * pieces copy less and make more mappings, each of which the kernel has to keep and to enter when it is first touched.
 */
#define PIECE (16 * PAGE)
/* Fewer pages than this between pages that were written are not worth a mapping of their own. */
#define LEAST 4u
#define MOST 8192

struct piece {
  uintptr_t address;
  size_t size;
  off_t offset;
};

static struct piece pieces[MOST];
static size_t count;
static char maps[1 << 18];
static unsigned char copy[PIECE];
static const unsigned char zeros[PAGE];

/* Reads the list of mappings; 0 where it does not fit. */
static size_t read_maps(void) {
  size_t used = 0;
  ssize_t size = 0;
  int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  while (used < sizeof maps - 1 && (size = read(file, maps + used, sizeof maps - 1 - used)) > 0) used += (size_t)size;
  close(file);
  maps[used] = '\0';
  return size == 0 ? used : 0;
}

/* Takes the next mapping of anonymous memory that may be written, stacks left out, from the list. */
static int next_anonymous(char **line, uintptr_t *from, uintptr_t *to) {
  while (**line != '\0') {
    char *text = *line, *end = strchr(text, '\n');
    if (end == NULL) return 0;
    *end = '\0';
    *line = end + 1;
    *from = strtoul(text, &text, 16);
    *to = strtoul(text + 1, &text, 16);
    if (strncmp(text, " rw-p ", 6) != 0 || strchr(text, '/') != NULL) continue;
    if (strchr(text, '[') == NULL || strstr(text, "[heap]") != NULL) return 1;
  }
  return 0;
}

static int write_all(int file, const unsigned char *from, size_t size, off_t offset) {
  while (size > 0) {
    ssize_t written = pwrite(file, from, size, offset);
    if (written <= 0) return -1;
    from += written, size -= (size_t)written, offset += written;
  }
  return 0;
}

static int read_all(int file, unsigned char *to, size_t size, off_t offset) {
  while (size > 0) {
    ssize_t got = pread(file, to, size, offset);
    if (got <= 0) return -1;
    to += got, size -= (size_t)got, offset += got;
  }
  return 0;
}

/* Bytes written to `file`, or -1. Between pieces one page is left out, so that no two mappings become one. */
long sallyport_dump(int file) {
  char *line = maps;
  uintptr_t from, to;
  off_t offset = 0;
  count = 0;
  malloc_trim(0);
  if (read_maps() == 0) return -1;
  while (next_anonymous(&line, &from, &to)) {
    while (from < to) {
      size_t size = 0, most = to - from < PIECE ? to - from : PIECE;
      while (size < most && memcmp((const void *)(from + size), zeros, PAGE) != 0) size += PAGE;
      if (size >= LEAST * PAGE) {
        if (count == MOST || write_all(file, (const unsigned char *)from, size, offset) != 0) return -1;
        pieces[count++] = (struct piece){from, size, offset};
        offset += (off_t)(size + PAGE);
      }
      from += size < most || size == 0 ? size + PAGE : size;
    }
  }
  return (long)offset;
}

/* Maps what of a piece is as the file says; bytes, or -1. */
static long share(const struct piece *piece, int file) {
  unsigned char *memory = (unsigned char *)piece->address;
  long shared = 0;
  if (read_all(file, copy, piece->size, piece->offset) != 0) return -1;
  for (size_t start = 0; start < piece->size;) {
    size_t end = start;
    while (end < piece->size && memcmp(memory + end, copy + end, PAGE) == 0) end += PAGE;
    if (end - start >= LEAST * PAGE) {
      void *place = mmap(memory + start, end - start, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file,
                         piece->offset + (off_t)start);
      if (place == MAP_FAILED) return -1;
      shared += (long)(end - start);
    }
    start = end + PAGE;
  }
  return shared;
}

/* Bytes that are the file's from now on, or -1. `file` holds what `sallyport_dump` wrote. */
long sallyport_share(int file) {
  char *line = maps;
  uintptr_t from, to;
  long shared = 0;
  size_t index = 0;
  malloc_trim(0);
  if (read_maps() == 0) return -1;
  /* Both lists are in order. A piece whose memory was given back since is in no mapping and left out. */
  while (index < count && next_anonymous(&line, &from, &to)) {
    while (index < count && pieces[index].address < from) index += 1;
    for (; index < count && pieces[index].address + pieces[index].size <= to; index += 1) {
      long size = share(&pieces[index], file);
      if (size < 0) return -1;
      shared += size;
    }
  }
  return shared;
}
