/*
 * Runs a program, and appends to a file the names of those of its functions that were called, in the order of their first calls.
 *   first-calls SYMBOLS FILE PROGRAM [ARGUMENT...]     a line of SYMBOLS: address name, the address in hexadecimal digits
 * There is a breakpoint at the start of each function until it is hit: so it costs milliseconds. For x86-64; see record.sh.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

struct function {
    unsigned long address;
    unsigned char first_byte, is_called;
    char name[1024];
};

static struct function functions[20000];
static size_t count;

static int by_address(const void *key, const void *function)
{
    unsigned long address = *(const unsigned long *)key, other = ((const struct function *)function)->address;
    return address < other ? -1 : address > other;
}

static void die(const char *what)
{
    perror(what);
    exit(2);
}

int main(int argc, char **argv)
{
    static const unsigned char breakpoint = 0xcc;
    FILE *symbols = argc < 4 ? NULL : fopen(argv[1], "r"), *out = argc < 4 ? NULL : fopen(argv[2], "a");
    if (!symbols || !out)
        die("first-calls SYMBOLS FILE PROGRAM [ARGUMENT...]");
    while (count < 20000 && fscanf(symbols, "%lx %1023s", &functions[count].address, functions[count].name) == 2)
        count++;
    qsort(functions, count, sizeof functions[0], by_address);

    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(argv[3], argv + 3);
        die(argv[3]);
    }

    int status;
    char path[64];
    waitpid(child, &status, 0);
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    int memory = open(path, O_RDWR);
    if (memory < 0 || ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) != 0)
        die("trace");
    for (size_t i = 0; i < count; i++) {
        /* Functions with the same instructions are one. */
        if (i > 0 && functions[i].address == functions[i - 1].address)
            functions[i].first_byte = functions[i - 1].first_byte;
        else if (pread(memory, &functions[i].first_byte, 1, functions[i].address) != 1)
            die("read");
        if (pwrite(memory, &breakpoint, 1, functions[i].address) != 1)
            die("write");
    }

    ptrace(PTRACE_CONT, child, NULL, NULL);
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            if (thread == child)
                break;
            continue;
        }

        int signal = WSTOPSIG(status);
        if (signal == SIGTRAP && status >> 16 == 0) {
            struct user_regs_struct registers;
            ptrace(PTRACE_GETREGS, thread, NULL, &registers);
            unsigned long address = registers.rip - 1;
            struct function *hit = bsearch(&address, functions, count, sizeof functions[0], by_address);
            if (hit) {
                while (hit > functions && hit[-1].address == address)
                    hit--;
                for (; hit < functions + count && hit->address == address; hit++) {
                    if (!hit->is_called)
                        fprintf(out, "%s\n", hit->name);
                    hit->is_called = 1;
                    pwrite(memory, &hit->first_byte, 1, address);
                }
                registers.rip = address;
                ptrace(PTRACE_SETREGS, thread, NULL, &registers);
            }
        }

        ptrace(PTRACE_CONT, thread, NULL, signal == SIGTRAP || signal == SIGSTOP ? 0 : signal);
    }

    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
