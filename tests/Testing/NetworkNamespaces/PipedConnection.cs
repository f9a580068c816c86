using System.Diagnostics;
using System.Runtime.Versioning;

namespace Hype.Testing.NetworkNamespaces;

/// <summary>
/// A TCP connection inside a <see cref="NetworkNamespace"/>, as a stream. The test process stays outside (a process with threads
/// cannot enter another user namespace), so bash, which can open sockets, carries the bytes over its pipes.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PipedConnection : Stream
{
    // The connection is over when either side has closed: the trap ends the half that still copies.
    private const string Carry = """
        exec 3<>"/dev/tcp/$0/$1" || exit 1
        exec 4<&0
        cat <&3 & reader=$!
        cat <&4 >&3 & writer=$!
        trap 'kill $reader $writer 2>/dev/null' EXIT
        wait -n
        """;

    private readonly Process _process;
    private readonly Stream _toPeer;
    private readonly Stream _fromPeer;

    private PipedConnection(Process process)
    {
        _process = process;
        _toPeer = process.StandardInput.BaseStream;
        _fromPeer = process.StandardOutput.BaseStream;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static PipedConnection Open(NetworkNamespace network, string host, int port)
    {
        var (file, arguments) = network.Enter("bash", ["-c", Carry, host, $"{port}"]);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true, // the end of the stream reports a refused connection
        };
        return new PipedConnection(Process.Start(start)!);
    }

    public override int Read(byte[] buffer, int offset, int count) => _fromPeer.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _fromPeer.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _toPeer.Write(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _toPeer.WriteAsync(buffer, cancellationToken);
        await _toPeer.FlushAsync(cancellationToken);
    }

    public override void Flush() => _toPeer.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _toPeer.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // The process had exited already.
            }

            _process.Dispose();
        }

        base.Dispose(disposing);
    }
}
