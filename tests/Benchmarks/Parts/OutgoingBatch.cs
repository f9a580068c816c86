using Hype.MediaNode.Net;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Buffers for the datagrams of one <c>sendmmsg</c>, used in turn, so that output is not always written to memory that is already in the
/// CPU cache.
/// </summary>
internal sealed class OutgoingBatch
{
    private const int Datagrams = 128;

    private readonly byte[] _bytes = new byte[Datagrams * IDatagramSocket.MaxDatagram];
    private int _next;

    public Memory<byte> Next()
    {
        _next = (_next + 1) % Datagrams;
        return _bytes.AsMemory(_next * IDatagramSocket.MaxDatagram, IDatagramSocket.MaxDatagram);
    }

    /// <summary>Writes the same bytes at the beginning of each buffer.</summary>
    public void Fill(ReadOnlySpan<byte> beginning)
    {
        for (var i = 0; i < Datagrams; i++)
            beginning.CopyTo(_bytes.AsSpan(i * IDatagramSocket.MaxDatagram));
    }
}
