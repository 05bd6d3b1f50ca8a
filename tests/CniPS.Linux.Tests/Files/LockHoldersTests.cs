using CniPS.Linux.Files;
using Xunit;

namespace CniPS.Linux.Tests.Files;

public sealed class LockHoldersTests
{
    [Fact]
    public void Those_who_hold_a_file_are_told_from_those_who_wait_and_from_other_files()
    {
        const string Locks = """
            1: FLOCK  ADVISORY  READ  999999991 00:2f:77 0 EOF
            1: -> FLOCK  ADVISORY  WRITE 999999992 00:2f:77 0 EOF
            2: FLOCK  ADVISORY  WRITE 999999993 00:2f:78 0 EOF
            3: POSIX  ADVISORY  WRITE 999999994 00:2f:77 0 EOF
            4: FLOCK  ADVISORY  READ  0 00:2f:77 0 EOF
            5: FLOCK  ADVISORY  WRITE 999999995 fe:01:77 0 EOF

            """;

        Assert.Equal(
            ["process 999999991, which has ended and left it to a child", "a process of another pid namespace"], LockHolders.Of(Locks, 0, 0x2f, 77));
        Assert.Equal(["process 999999995, which has ended and left it to a child"], LockHolders.Of(Locks, 0xfe, 1, 77));
    }
}
