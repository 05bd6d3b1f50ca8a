// crash: runs a program and kills the process that makes the Nth system call, before the call is done. Calls are counted over all its threads,
// and over its children's: strace's inject=when=N counts each thread and each kind of call for itself.
//
//   crash [-n N] [-f PATH] [-p NAME] -o LOG program [argument...]
//
//   -n N      0, or beyond the last one: nobody is killed
//   -f PATH   count from the first call whose path ends so
//   -p NAME   count only calls of processes that run a program of this name, from its own first call on
//
// LOG gets one line: the number of calls counted, and the name of the struck one's number ("-" for none).
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <linux/ptrace.h>
#include <unistd.h>

enum { LIMIT = 2048 };

struct thread { pid_t id, process; int counts; };

static struct thread threads[LIMIT];
static int used;
static const char *program;

static int runs_program(pid_t process)
{
    char path[64], target[512];
    snprintf(path, sizeof path, "/proc/%d/cmdline", process);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(target, 1, sizeof target - 1, file) : 0;
    if (file) fclose(file);
    target[length] = 0;
    const char *name = strrchr(target, '/');
    return strcmp(name ? name + 1 : target, program) == 0;
}

static struct thread *find(pid_t id)
{
    for (int i = 0; i < used; i++)
        if (threads[i].id == id) return &threads[i];
    if (used == LIMIT) { fprintf(stderr, "crash: too many threads\n"); exit(99); }
    struct thread *t = &threads[used++];
    t->id = t->process = id;
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", id);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) sscanf(line, "Tgid: %d", &t->process);
    if (file) fclose(file);
    t->counts = !program || runs_program(t->process);
    return t;
}

static void forget(pid_t id)
{
    for (int i = 0; i < used; i++)
        if (threads[i].id == id) { threads[i] = threads[--used]; return; }
}

// The path of the calls that matter here: open(path), openat(folder, path).
static int ends_with(pid_t id, const struct ptrace_syscall_info *info, const char *end)
{
    int at = info->entry.nr == SYS_openat ? 1 : 0;
#ifdef SYS_open
    if (info->entry.nr != SYS_openat && info->entry.nr != SYS_open) return 0;
#else
    if (info->entry.nr != SYS_openat) return 0;
#endif
    char path[4096] = "";
    for (size_t i = 0; i + 1 < sizeof path; i++) {
        struct iovec to = { path + i, 1 }, from = { (char *)(size_t)info->entry.args[at] + i, 1 };
        if (process_vm_readv(id, &to, 1, &from, 1, 0) != 1 || !path[i]) break;
    }
    size_t length = strlen(path), wanted = strlen(end);
    return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

int main(int count, char **arguments)
{
    long strike = 0, counted = 0, struck = -1;
    const char *from = NULL, *log = NULL;
    for (int option; (option = getopt(count, arguments, "+n:f:p:o:")) != -1;) {
        if (option == 'n') strike = atol(optarg);
        else if (option == 'f') from = optarg;
        else if (option == 'p') program = optarg;
        else if (option == 'o') log = optarg;
        else return 98;
    }

    pid_t root = fork();
    if (root == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execvp(arguments[optind], arguments + optind);
        _exit(127);
    }

    int status, code = 0, begun = 0;
    waitpid(root, &status, 0);
    ptrace(PTRACE_SETOPTIONS, root, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    ptrace(PTRACE_SYSCALL, root, 0, 0);
    for (;;) {
        pid_t id = waitpid(-1, &status, __WALL);
        if (id < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (id == root) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            forget(id);
            continue;
        }
        int signal = WSTOPSIG(status), pass = 0;
        struct thread *t = find(id);
        struct ptrace_syscall_info info;
        if (signal == (SIGTRAP | 0x80)) {
            if (ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, &info) > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY && begun && t->counts) {
                if (from && ends_with(id, &info, from)) from = NULL;
                if (!from && ++counted == strike) {
                    struck = (long)info.entry.nr;
                    kill(t->process, SIGKILL);
                }
            }
        } else if (signal == SIGTRAP && status >> 16 == PTRACE_EVENT_EXEC) {
            begun = 1;
            t->counts = !program || runs_program(t->process);
        } else if (signal != SIGTRAP && signal != SIGSTOP) {
            pass = signal;
        }
        ptrace(PTRACE_SYSCALL, id, 0, pass);
    }

    FILE *file = log ? fopen(log, "w") : stderr;
    if (!file) return 98;
    if (struck < 0) fprintf(file, "%ld -\n", counted);
    else fprintf(file, "%ld %ld\n", counted, struck);
    fclose(file);
    return code;
}
