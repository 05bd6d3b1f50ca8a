using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using Xunit;

namespace CniPS.Linux.Tests;

/// <summary>What stands beside Tmds.LibC.</summary>
public class LibCTests
{
    [Fact]
    public void ErrnosAreThoseOfThePackage()
    {
        FieldInfo[] fields = typeof(Errno).GetFields(BindingFlags.Static | BindingFlags.NonPublic);
        Assert.NotEmpty(fields);
        foreach (FieldInfo field in fields)
        {
            Assert.Equal(typeof(LibC).GetProperty(field.Name)!.GetValue(null), field.GetRawConstantValue());
        }
    }

    [Theory]
    [InlineData("libc.so.6", true, 6, "libc.so.6")] // glibc
    [InlineData("libc.so.6", false, 1, "libc.so.6,libc")] // musl
    [InlineData("libpthread.so.0", true, 0, "")]
    public void LibCIsFoundUnderEitherName(string asked, bool isGlibc, int found, string tried)
    {
        List<string> names = [];
        nint handle = LibCResolver.Resolve(asked, name =>
        {
            names.Add(name);
            return name == "libc" ? 1 : isGlibc ? 6 : 0;
        });

        Assert.Equal(found, handle);
        Assert.Equal(tried, string.Join(',', names));
    }

    [Fact]
    public void WhatDotNetCallsLibCIsOne()
    {
        Assert.True(NativeLibrary.TryLoad("libc", typeof(LibCTests).Assembly, null, out nint libc));
        Assert.True(NativeLibrary.TryGetExport(libc, "setns", out _));
    }

    [Theory]
    [InlineData(Architecture.X64, "linux-x64")]
    [InlineData(Architecture.Arm64, "linux-arm64")]
    public void EachProcessorFindsItsOwnAssembly(Architecture processor, string runtime)
    {
        string folder = Directory.CreateTempSubdirectory("cnips-libc-").FullName;
        try
        {
            Assert.Null(LibCResolver.Find(folder, processor));
            Assert.Null(LibCResolver.Find(null, processor));
            foreach (string other in (string[])["linux-x64", "linux-arm64"])
            {
                Directory.CreateDirectory(Path.Combine(folder, "runtimes", other));
                File.WriteAllText(Path.Combine(folder, "runtimes", other, "Tmds.LibC.dll"), "");
            }

            Assert.Equal(Path.Combine(folder, "runtimes", runtime, "Tmds.LibC.dll"), LibCResolver.Find(folder, processor));
            Assert.Null(LibCResolver.Find(folder, Architecture.S390x));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ACallThatFailsLeavesItsErrno()
    {
        Assert.Equal(-1, LibC.open("/" + new string('x', 300), LibC.O_RDONLY | LibC.O_CLOEXEC, 0));
        Assert.Equal(LibC.ENAMETOOLONG, Marshal.GetLastPInvokeError());
        Assert.Equal(-1, LibC.rename("/nowhere", "/nowhere/else"));
        Assert.Equal(LibC.ENOENT, Marshal.GetLastPInvokeError());
    }
}
