using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Sockets;

/// <summary>Wakes a thread that waits for sockets (eventfd(2)).</summary>
public sealed unsafe class WakeUp : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Makes one.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public WakeUp()
    {
        int fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        _handle = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxException.Last("make an eventfd");
    }

    /// <summary>For the set of sockets that are waited for.</summary>
    public SafeHandle Handle => _handle;

    /// <summary>Wakes the thread, now or when it next waits.</summary>
    public void Set()
    {
        ulong one = 1;
        LibCAhead.write((int)_handle.DangerousGetHandle(), (byte*)&one, sizeof(ulong));
    }

    /// <summary>Lets the thread wait again.</summary>
    public void Reset()
    {
        ulong count;
        LibCAhead.read((int)_handle.DangerousGetHandle(), (byte*)&count, sizeof(ulong));
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _handle.Dispose();
}
