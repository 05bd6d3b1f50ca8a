// spawn: runs a plugin program for COUNT containers, one after the other, as libcni does: what to do in its environment, the configuration
// through a pipe to its stdin, the result through a pipe from its stdout. Prints for each call the wall time in microseconds and the peak
// memory in kB, of the program or of a child of it, whichever is higher. The first call that fails ends it.
// usage: CNI_COMMAND=… CNI_IFNAME=… CNI_PATH=… spawn PROGRAM FOLDER COUNT
// Container I is cI; its stdin is FOLDER/I.in, its stdout goes to FOLDER/I.out.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct call { double us; long kb; int status; };

static char input[1 << 16], output[1 << 16];

static void die(const char *m) { perror(m); exit(1); }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }

static size_t get(int fd, char *to, size_t room) {
  size_t have = 0;
  for (ssize_t n; (n = read(fd, to + have, room - have)) != 0; have += n)
    if (n < 0) die("read");
  if (have == room) { fprintf(stderr, "more than %zu bytes\n", room - 1); exit(1); }
  close(fd);
  return have;
}

static struct call run(const char *program, size_t in, size_t *out) {
  int to[2], from[2];
  struct rusage usage;
  struct call call;
  double start = now();
  if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC)) die("pipe");
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    if (dup2(to[0], 0) < 0 || dup2(from[1], 1) < 0) _exit(127);
    signal(SIGPIPE, SIG_DFL);
    execl(program, program, (char *)0);
    perror(program);
    _exit(127);
  }
  close(to[0]); close(from[1]);
  if (write(to[1], input, in) < 0) perror("write");
  close(to[1]);
  *out = get(from[0], output, sizeof output);
  if (wait4(child, &call.status, 0, &usage) < 0) die("wait4");
  call.us = now() - start;
  call.kb = usage.ru_maxrss;
  return call;
}

int main(int argc, char **argv) {
  if (argc != 4) { fprintf(stderr, "usage: spawn PROGRAM FOLDER COUNT\n"); return 2; }
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < atoi(argv[3]); i++) {
    char path[4096], name[16], ns[64];
    snprintf(name, sizeof name, "c%d", i);
    snprintf(ns, sizeof ns, "/run/netns/%s", name);
    setenv("CNI_CONTAINERID", name, 1);
    setenv("CNI_NETNS", ns, 1);
    snprintf(path, sizeof path, "%s/%d.in", argv[2], i);
    int f = open(path, O_RDONLY | O_CLOEXEC);
    if (f < 0) die(path);
    size_t in = get(f, input, sizeof input), out;
    struct call call = run(argv[1], in, &out);
    if (call.status) {
      fprintf(stderr, "%s %s for %s: status %#x: %.*s\n", argv[1], getenv("CNI_COMMAND"), name, call.status, (int)out, output);
      return 1;
    }
    snprintf(path, sizeof path, "%s/%d.out", argv[2], i);
    f = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (f < 0 || write(f, output, out) != (ssize_t)out || close(f)) die(path);
    printf("%.1f %ld\n", call.us, call.kb);
  }
  return 0;
}
