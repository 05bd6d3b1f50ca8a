using System;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace CniPS.Linux.Interop;

/// <summary>Calls that take paths, and other text, as .NET's strings, where libc wants UTF-8 that a zero ends.</summary>
internal static unsafe class LibCPaths
{
    extension(LibC)
    {
        internal static int rmdir(string path)
        {
            using Text text = new(path, stackalloc byte[Text.Room]);
            return LibC.rmdir(text);
        }

        internal static nint readlink(string path, byte* buffer, nint size)
        {
            using Text text = new(path, stackalloc byte[Text.Room]);
            return (nint)(long)LibC.readlink(text, buffer, (int)size);
        }

        /// <summary>open(2), again where a signal interrupted it: what is opened here is not what a signal should keep one from.</summary>
        internal static int open(string path, int flags, uint mode)
        {
            int fd;
            do
            {
                fd = LibCAhead.open(path, flags, mode);
            }
            while (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return fd;
        }

        /// <summary>openat2(2) with RESOLVE_NO_SYMLINKS, for which libc has no function; -1 with ENOSYS before Linux 5.6.</summary>
        internal static int openat2(int folder, string path, int flags, uint mode) => openat2(folder, path, flags, mode, open_how.RESOLVE_NO_SYMLINKS);

        /// <summary>openat2(2) as it is: what links may do is said.</summary>
        internal static int openat2(int folder, string path, int flags, uint mode, ulong resolve)
        {
            open_how how = new()
            {
                flags = (ulong)flags,
                mode = (flags & (LibC.O_CREAT | (LibC.O_TMPFILE & ~LibC.O_DIRECTORY))) != 0 ? mode : 0, // else it must be 0
                resolve = resolve,
            };
            using Text text = new(path, stackalloc byte[Text.Room]);
            int fd;
            do
            {
                fd = (int)LibCAhead.syscall(open_how.SYS_openat2, folder, (nint)(byte*)text, (nint)(&how), sizeof(open_how));
            }
            while (fd < 0 && Marshal.GetLastPInvokeError() is Errno.EINTR or Errno.EAGAIN);
            return fd;
        }

        internal static int access(string path, int mode) => LibCAhead.access(path, mode);

        internal static int unlink(string path) => LibCAhead.unlink(path);

        internal static int linkat(int fromFolder, string from, int toFolder, string to, int flags) =>
            LibCAhead.linkat(fromFolder, from, toFolder, to, flags);

        internal static int statx(int folder, string path, int flags, uint mask, statx* buffer) =>
            LibCAhead.statx(folder, path, flags, mask, buffer);

        internal static int mkdir(string path, uint mode) => LibCAhead.mkdir(path, mode);

        internal static int mount(string source, string target, string? type, ulong_t flags, string? data)
        {
            using Text from = new(source, stackalloc byte[Text.Room]);
            using Text to = new(target, stackalloc byte[Text.Room]);
            using Text kind = new(type, stackalloc byte[Text.Room]);
            using Text options = new(data, stackalloc byte[Text.Room]);
            return LibC.mount(from, to, kind, flags, (byte*)options);
        }

        internal static int umount2(string target, int flags)
        {
            using Text text = new(target, stackalloc byte[Text.Room]);
            return LibC.umount2(text, flags);
        }
    }

    /// <summary>A string as libc has it, on the stack where it is short. Freeing it leaves errno as it is.</summary>
    private ref struct Text
    {
        internal const int Room = 256;

        private Utf8StringMarshaller.ManagedToUnmanagedIn _marshaller;

        internal Text(string? text, Span<byte> room) => _marshaller.FromManaged(text, room);

        public static implicit operator byte*(in Text text) => text._marshaller.ToUnmanaged();

        public void Dispose() => _marshaller.Free();
    }
}
