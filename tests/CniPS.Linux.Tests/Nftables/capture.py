#!/usr/bin/env python3
"""Prints what nft sends to the kernel for each command on standard input (one a line), run one after the other in a namespace of its own:
the command, then each message between BATCH_BEGIN and BATCH_END as nf_tables message type, flags, and all behind nlmsghdr, in hexadecimal.
Needs root, nft and strace. NftCaptured.cs holds the output of nft 1.0.6, and so the commands."""
import os, re, shlex, struct, subprocess, sys, tempfile

BEGIN, END = 0x10, 0x11
commands = [line.strip() for line in sys.stdin if line.strip()]
with tempfile.TemporaryDirectory() as folder:
    trace = lambda i: os.path.join(folder, str(i))
    script = "\n".join(
        f"strace -o {trace(i)} -e trace=sendmsg,sendto -e write=all nft {shlex.quote(c)} || exit 1" for i, c in enumerate(commands))
    subprocess.run(["unshare", "--net", "sh", "-c", script], check=True)
    for i, command in enumerate(commands):
        print(f"nft {command}")
        sent, data = [], b""
        for line in [*open(trace(i)), ""]:
            if dump := re.match(r" \| [0-9a-f]{5}  (.{48})", line):
                data += bytes.fromhex(dump.group(1).replace(" ", ""))
            elif data:
                sent.append(data)
                data = b""
        inside = False
        for data in sent:
            while len(data) >= 16:
                length, kind, flags, _, _ = struct.unpack("=IHHII", data[:16])
                if kind in (BEGIN, END):
                    inside = kind == BEGIN
                elif inside:
                    print(f"  {kind & 255:x} {flags:x} {data[16:length].hex()}")
                data = data[(length + 3) & ~3:]
