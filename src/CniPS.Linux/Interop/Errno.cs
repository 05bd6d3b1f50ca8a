namespace CniPS.Linux.Interop;

/// <summary>
/// errno values that code here decides on, asm-generic/errno.h. Tmds.LibC has them too, but as properties, and patterns (<c>is Errno.ENOENT or
/// Errno.ENOTDIR</c>) take constants only; a test holds them to the package's.
/// </summary>
internal static class Errno
{
    internal const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, ENXIO = 6, EAGAIN = 11, ENOMEM = 12, EACCES = 13, EBUSY = 16, EEXIST = 17,
        ENODEV = 19, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENFILE = 23, EMFILE = 24, EFBIG = 27, ENOSPC = 28, EROFS = 30, ERANGE = 34, ENAMETOOLONG = 36, ENOSYS = 38, ELOOP = 40, ENODATA = 61, EBADMSG = 74,
        ENOBUFS = 105, EOPNOTSUPP = 95, EADDRNOTAVAIL = 99, ETXTBSY = 26, ENOTCONN = 107, EDQUOT = 122;
}
