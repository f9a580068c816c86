using Hype.MediaNode.Net;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Room for as many datagrams as one <c>sendmmsg</c> takes, used in turn: what is written does not land in the same warm bytes each time.
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

    /// <summary>Puts the same bytes at the beginning of each.</summary>
    public void Fill(ReadOnlySpan<byte> beginning)
    {
        for (var i = 0; i < Datagrams; i++)
            beginning.CopyTo(_bytes.AsSpan(i * IDatagramSocket.MaxDatagram));
    }
}
