using System;
using System.Buffers;

namespace CniPS.Spec;

/// <summary>JSON as the Go programs print it: four spaces a level, <c>{}</c> and <c>[]</c> where there is nothing inside.</summary>
public static class JsonLayout
{
    private const int Step = 4;

    /// <summary>Lays out a compact text.</summary>
    /// <param name="compact">Valid JSON without space between its tokens, UTF-8.</param>
    /// <returns>The same value with line feeds and indentation, without a line feed at its end.</returns>
    public static byte[] Indent(ReadOnlySpan<byte> compact)
    {
        var output = new ArrayBufferWriter<byte>(compact.Length * 2);
        int depth = 0;
        for (int at = 0; at < compact.Length; at++)
        {
            byte token = compact[at];
            switch (token)
            {
                case (byte)'{' or (byte)'[' when at + 1 < compact.Length && compact[at + 1] is (byte)'}' or (byte)']':
                    output.Write(compact.Slice(at++, 2));
                    break;
                case (byte)'{' or (byte)'[':
                    output.Write([token]);
                    NewLine(output, ++depth);
                    break;
                case (byte)'}' or (byte)']':
                    NewLine(output, --depth);
                    output.Write([token]);
                    break;
                case (byte)',':
                    output.Write(","u8);
                    NewLine(output, depth);
                    break;
                case (byte)':':
                    output.Write(": "u8);
                    break;
                case (byte)'"':
                    int length = StringLength(compact[at..]);
                    output.Write(compact.Slice(at, length));
                    at += length - 1;
                    break;
                default:
                    output.Write([token]);
                    break;
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static void NewLine(ArrayBufferWriter<byte> output, int depth)
    {
        Span<byte> line = output.GetSpan(1 + (depth * Step))[..(1 + (depth * Step))];
        line.Fill((byte)' ');
        line[0] = (byte)'\n';
        output.Advance(line.Length);
    }

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return at + 1;
    }
}
